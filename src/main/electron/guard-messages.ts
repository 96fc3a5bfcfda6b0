/** Longest message a window may send, in UTF-16 units; no call of the contract comes near it. */
export const longestMessage = 1_000_000;
const deepest = 32;

/** The part of a message that asks for something, as the contract library reads it. */
export interface CallMessage {
  i: string;
  t?: 4;
  p?: { u: string; b?: unknown; h?: { 'last-event-id': string } };
}

/** A message that may go on to the contract, or why not (with the call's number when it could be told). */
export type ReadMessage =
  | { ok: true; message: CallMessage }
  | { ok: false; id: string | null; status: 400 | 413 | 429; reason: string };

/**
 * Reads one message of a window before the contract library sees it: text only, of bounded length and depth, and
 * exactly a call or the cancelling of one. Uploads, streamed inputs, foreign headers, methods and addresses are not
 * part of our contract and end here.
 */
export function readMessage(raw: unknown): ReadMessage {
  if (typeof raw !== 'string') return refuse(null, 'Only text is accepted.');
  if (raw.length > longestMessage) {
    return {
      ok: false,
      id: findId(raw),
      status: 413,
      reason: `A call may hold ${longestMessage} characters.`,
    };
  }
  if (isTooDeep(raw)) return refuse(findId(raw), 'The call is nested too deeply.');
  let parsed: unknown;
  try {
    parsed = JSON.parse(raw);
  } catch {
    return refuse(null, 'The call is not JSON.');
  }
  return readCall(parsed);
}

/** The refusal of a message that came while too many others waited; it is not read. */
export function refuseForNow(raw: unknown): Extract<ReadMessage, { ok: false }> {
  const id = typeof raw === 'string' ? findId(raw) : null;
  return { ok: false, id, status: 429, reason: 'Too many calls at once.' };
}

function readCall(parsed: unknown): ReadMessage {
  if (!isRecord(parsed) || typeof parsed['i'] !== 'string' || !/^[0-9a-z]{1,20}$/i.test(parsed['i'])) {
    return refuse(null, 'The call has no number.');
  }
  const id = parsed['i'];
  if (parsed['t'] === 4) return { ok: true, message: { i: id, t: 4 } };
  if (parsed['t'] !== undefined) return refuse(id, 'Only calls and their cancelling are accepted.');
  const call = parsed['p'];
  if (!isRecord(call) || typeof call['u'] !== 'string' || !/^(\/[a-zA-Z]{1,40}){1,4}$/.test(call['u'])) {
    return refuse(id, 'The call names no procedure.');
  }
  if (call['m'] !== undefined) return refuse(id, 'The call has an unknown method.');
  const header = readHeader(call['h']);
  if (header === null) return refuse(id, 'The call has unknown headers.');
  if (call['b'] !== undefined && !isBody(call['b']))
    return refuse(id, 'The input is not in the expected form.');
  return { ok: true, message: { i: id, p: { u: call['u'], b: call['b'], ...header } } };
}

/** Either nothing or the number of the last event a stream has seen. */
function readHeader(given: unknown): { h?: { 'last-event-id': string } } | null {
  if (given === undefined) return {};
  if (!isRecord(given)) return null;
  const names = Object.keys(given);
  if (names.length === 0) return {};
  const last = given['last-event-id'];
  if (names.length !== 1 || typeof last !== 'string' || last.length > 100) return null;
  return { h: { 'last-event-id': last } };
}

/** `{json}` alone: the contract's inputs are plain JSON, so nothing needs the library's list of special values. */
function isBody(body: unknown): boolean {
  if (!isRecord(body)) return false;
  return Object.entries(body).every(
    ([name, value]) => name === 'json' || (name === 'meta' && Array.isArray(value) && value.length === 0),
  );
}

/** Linear, without building anything: a reader that recurses must never see the text. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (inString) {
      if (character === 92) at += 1;
      else if (character === 34) inString = false;
    } else if (character === 34) inString = true;
    else if (character === 91 || character === 123) {
      depth += 1;
      if (depth > deepest) return true;
    } else if (character === 93 || character === 125) depth -= 1;
  }
  return false;
}

/** The number of a call that is too big or too deep to be read; our own windows write it first. */
function findId(text: string): string | null {
  return /^\{"i":"([0-9a-z]{1,20})"/i.exec(text.slice(0, 40))?.[1] ?? null;
}

function refuse(id: string | null, reason: string): ReadMessage {
  return { ok: false, id, status: 400, reason };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
