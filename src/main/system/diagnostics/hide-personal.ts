import { isSecretField, redact } from '../../redact.ts';

/** What must not leave the office, beside what `redact` finds by its form. */
export interface Personal {
  /** Passwords and tokens. */
  secrets: readonly string[];
  /** Names of people: each word of them is hidden wherever it stands. */
  names: readonly string[];
  /** False: the names could not be asked for. Then every capitalised word that anybody may have written is hidden. */
  namesKnown: boolean;
  /** Texts and what stands in their place: folders of a person's home, names of computers. */
  instead: ReadonlyMap<string, string>;
}

export interface Hider {
  readonly namesKnown: boolean;
  /** A line that anybody may have written. */
  text(text: string): string;
  /** Every text inside, whatever it is nested in. For what we put together ourselves. */
  texts(value: unknown): unknown;
  /** The same, and what stands under the name of a person's field, or is a long number, goes whole. For what anybody may have written. */
  all(value: unknown): unknown;
}

const hidden = '[hidden]';
/** Anything with an @ before a name; the bound keeps a hostile line at the cost of its length. */
const email = /[^\s"'<>()[\]{},;:=@]{1,64}(?:@|%40)[^\s"'<>()[\]{},;:=@]{1,253}/gi;
/** 'console 4711@host' is a process, not a person; a host with a dot is told by its own place in `instead`. */
const processName = /^\d{1,7}@[^.]+$/;
/** A number as long as one that can be called, with or without its plus; no stamp and no part of a UUID. */
const longNumber = /(?<![\w.-]|\d:)\d{9,15}(?![\w-])/g;
/** 070.123.45.67, (070) 123 45 67, 46-70-123 45 67: pairs and threes that a person spells out. */
const spelledNumber =
  /(?<![\w.:-])(?:\+|00)?\(?\d{2,3}\)?(?:[\s./()\u2010-\u2015-]{1,2}\d{2,4}){3,5}(?![\w-])/g;
const word = /[\p{L}\p{N}]+/gu;
const capitalised = /^\p{Lu}\p{Ll}/u;
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
      .flatMap((name) => name.normalize('NFC').match(word) ?? [])
      .flatMap((one) => (one.length < shortestName ? [] : [fold(one)])),
  );
  const instead = [...personal.instead]
    .filter(([from]) => from !== '' && from !== '/')
    .map(([from, to]) => [standingAlone(from), to] as const);

  // Of a name with short words, such as Bo Ek, the whole is hidden where it stands as one.
  const phrases = personal.names
    .filter((name) => (name.match(word) ?? []).some((one) => one.length < shortestName))
    .map((name) => standingAlone(name.trim().normalize('NFC')));
  const isName = (found: string, isOurs: boolean) =>
    names.has(fold(found)) || (!personal.namesKnown && !isOurs && capitalised.test(found));

  function text(given: string, isOurs = false): string {
    let safe = redact(given.normalize('NFC'), personal.secrets);
    for (const [from, to] of instead) safe = safe.replace(from, to);
    for (const phrase of phrases) safe = safe.replace(phrase, hidden);
    return safe
      .replace(email, (found) => (processName.test(found) ? found : hidden))
      .replace(longNumber, hidden)
      .replace(spelledNumber, hidden)
      .replace(word, (found) => (isName(found, isOurs) ? hidden : found));
  }

  function inside(given: unknown, isOurs: boolean, field = ''): unknown {
    if (given === null || given === undefined || typeof given === 'boolean') return given;
    // Taken apart, a value has its name here and not in its text, where `redact` would find it.
    if (!isOurs && (personalField.test(field) || isSecretField(field))) return hidden;
    if (given instanceof Date) return given.toISOString();
    if (Array.isArray(given)) return given.map((one: unknown) => inside(one, isOurs, field));
    if (typeof given === 'object')
      return Object.fromEntries(
        Object.entries(given).map(([name, one]) => [text(name, isOurs), inside(one, isOurs, name)]),
      );
    if (typeof given === 'number') return !isOurs && isLong(given) ? hidden : given;
    return text(typeof given === 'string' ? given : typeof given, isOurs);
  }
  return {
    namesKnown: personal.namesKnown,
    text: (given) => text(given),
    texts: (given) => inside(given, true),
    all: (given) => inside(given, false),
  };
}

const fold = (text: string) => text.toLowerCase();
const isLong = (number: number) => Number.isInteger(number) && Math.abs(number) >= 1e8;

/** A text as it stands by itself: 'pc' is not in 'pc-2', nor a home folder in a longer path's name. */
function standingAlone(text: string): RegExp {
  const literal = text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(String.raw`(?<![\p{L}\p{N}-])${literal}(?![\p{L}\p{N}-])`, 'giu');
}
