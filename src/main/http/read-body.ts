import type { IncomingMessage } from 'node:http';
import { headerValues } from './check-sender.ts';
import { HttpRefusal } from './http-refusal.ts';

/** Largest body, in bytes, and how deep what is in it may be nested. */
export const mostBytes = 1_048_576;
const mostDepth = 32;
/** What a refused sender may still send before its connection is cut, in bytes. */
const mostDrained = 16 * mostBytes;

/** Refuses a body by what the head says of it, before any of it is read. True: there is one to read. */
export function checkBodyHead(method: string, headers: readonly string[]): boolean {
  const [length] = headerValues(headers, 'content-length');
  const hasBody =
    (length !== undefined && length !== '0') || headerValues(headers, 'transfer-encoding').length > 0;
  const types = headerValues(headers, 'content-type');
  if (!hasBody && types.length === 0) return false;
  if (method === 'GET' && hasBody) throw unreadable('A GET takes no body.');
  if (types.length !== 1 || !/^application\/json(; *charset="?utf-8"?)?$/i.test(types[0]!.trim())) {
    throw new HttpRefusal(415, 'UNSUPPORTED_TYPE', 'Send the body as Content-Type: application/json.');
  }
  if (headerValues(headers, 'content-encoding').length > 0) {
    throw new HttpRefusal(415, 'UNSUPPORTED_TYPE', 'Send the body as it is, without Content-Encoding.');
  }
  if (length !== undefined && Number(length) > mostBytes) throw tooLarge();
  return hasBody;
}

/** Reads a body to its end, at most `mostBytes`. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    request.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes > mostBytes) reject(tooLarge());
      else parts.push(part);
    });
    request.on('end', () => resolve(Buffer.concat(parts)));
    request.on('error', () => reject(unreadable('The request broke off.')));
    request.on('close', () => reject(unreadable('The request broke off.')));
  });
}

/** Lets a refused sender finish, so that it reads why, within bounds. */
export function drain(request: IncomingMessage): void {
  let bytes = 0;
  request.on('error', () => {});
  request.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes > mostDrained) request.destroy();
  });
  request.resume();
}

/** What a body says: one JSON object. */
export function parseBody(bytes: Buffer): Record<string, unknown> {
  const text = decode(bytes);
  if (text.trim() === '') return {};
  if (isDeep(text)) throw unreadable(`The body is nested more than ${mostDepth} deep.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unreadable('The body is not JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new HttpRefusal(422, 'BAD_REQUEST', 'The body has to be a JSON object.');
  }
  return value as Record<string, unknown>;
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unreadable('The body is not UTF-8.');
  }
}

/** Counted before parsing: what walks a value afterwards may do it by recursion. */
function isDeep(text: string): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inText) {
      if (character === '\\') at += 1;
      else if (character === '"') inText = false;
    } else if (character === '"') inText = true;
    else if (character === '{' || character === '[') {
      depth += 1;
      if (depth > mostDepth) return true;
    } else if (character === '}' || character === ']') depth -= 1;
  }
  return false;
}

function unreadable(message: string): HttpRefusal {
  return new HttpRefusal(400, 'BAD_REQUEST', message);
}

function tooLarge(): HttpRefusal {
  return new HttpRefusal(413, 'TOO_LARGE', `The body may have at most ${mostBytes} bytes.`);
}
