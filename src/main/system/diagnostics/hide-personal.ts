import { redact } from '../../redact.ts';

/** What must not leave the office, beside what `redact` finds by its form. */
export interface Personal {
  /** Passwords and tokens. */
  secrets: readonly string[];
  /** Names of people: each word of them is hidden wherever it stands. */
  names: readonly string[];
  /** Texts and what stands in their place: folders of a person's home, names of computers. */
  instead: ReadonlyMap<string, string>;
}

export interface Hider {
  text(text: string): string;
  /** Every text inside, whatever it is nested in. For what we put together ourselves. */
  texts(value: unknown): unknown;
  /** The same, and what stands under the name of a person's field, or is a long number, goes whole. For what anybody may have written. */
  all(value: unknown): unknown;
}

const hidden = '[hidden]';
/** Anything with an @ before a name; the bound keeps a hostile line at the cost of its length. */
const email = /[^\s"'<>()[\]{},;:=@]{1,64}@[^\s"'<>()[\]{},;:=@]{1,253}/g;
/** 'console 4711@host' is a process, not a person. */
const processName = /^\d{1,7}@/;
/** A number as long as one that can be called, with or without its plus; no stamp and no part of a UUID. */
const longNumber = /(?<![\w.:-])\d{9,15}(?![\w-])/g;
const word = /[\p{L}\p{N}]+/gu;
/** Shorter words of a name are 'de', 'av', or an initial. */
const shortestName = 3;

const personalField =
  /^(?:e-?mails?|(?:first|last|full|agent|admin|user|display|group|campaign)?_?names?|operator|actor|by|user|owner|address|receiver|phone\w*|mobile|note|remark|text|body)$/i;

/**
 * Hides what says who somebody is: secrets, addresses of mail, numbers that can be called, names that the office is
 * known to have. Rather too much than too little: what is left is read by somebody else.
 */
export function hidePersonal(personal: Personal): Hider {
  const names = new Set(
    personal.names
      .flatMap((name) => name.match(word) ?? [])
      .flatMap((one) => (one.length < shortestName ? [] : [fold(one)])),
  );
  const instead = [...personal.instead]
    .filter(([from]) => from !== '' && from !== '/')
    .map(([from, to]) => [standingAlone(from), to] as const);

  function text(given: string): string {
    let safe = redact(given, personal.secrets);
    for (const [from, to] of instead) safe = safe.replace(from, to);
    return safe
      .replace(email, (found) => (processName.test(found) ? found : hidden))
      .replace(longNumber, hidden)
      .replace(word, (found) => (names.has(fold(found)) ? hidden : found));
  }

  function inside(given: unknown, isOurs: boolean, field = ''): unknown {
    if (given === null || given === undefined || typeof given === 'boolean') return given;
    if (given instanceof Date) return given.toISOString();
    if (Array.isArray(given)) return given.map((one: unknown) => inside(one, isOurs, field));
    if (typeof given === 'object')
      return Object.fromEntries(
        Object.entries(given).map(([name, one]) => [text(name), inside(one, isOurs, name)]),
      );
    if (!isOurs && personalField.test(field)) return hidden;
    if (typeof given === 'number') return !isOurs && isLong(given) ? hidden : given;
    return text(typeof given === 'string' ? given : typeof given);
  }
  return { text, texts: (given) => inside(given, true), all: (given) => inside(given, false) };
}

const fold = (text: string) => text.toLowerCase();
const isLong = (number: number) => Number.isInteger(number) && Math.abs(number) >= 1e8;

/** A text as it stands by itself: 'pc' is not in 'pc-2', nor a home folder in a longer path's name. */
function standingAlone(text: string): RegExp {
  const literal = text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(String.raw`(?<![\p{L}\p{N}-])${literal}(?![\p{L}\p{N}-])`, 'giu');
}
