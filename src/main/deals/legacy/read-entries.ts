import { createReadStream } from 'node:fs';
import { OpsdeckError } from '../../errors.ts';

/** A record is small; what is longer than this is set aside unread, so that no file can fill the memory. */
export const longestEntry = 1_000_000;

/** One record of a file; `key` is its name in a file that is an object. */
export type Entry =
  | { key: string | null; number: number; value: unknown }
  | { key: string | null; number: number; tooLong: true };

export interface ReadOptions {
  signal?: AbortSignal;
  /** Told as the file is read, in bytes from its start. */
  onBytes?(bytes: number): void;
}

const code = (text: string): number => text.charCodeAt(0);
const quote = code('"');
const backslash = code('\\');
const [comma, colon, open, close, openObject, closeObject] = [',', ':', '[', ']', '{', '}'].map(code) as [
  number,
  number,
  number,
  number,
  number,
  number,
];
const isSpace = (byte: number): boolean => byte === 32 || byte === 10 || byte === 13 || byte === 9;

/**
 * The records of a JSON file that is one list or one object of records, one at a time however large the file. Rejects
 * with BAD_REQUEST and a sentence for a file that is not whole: what came before is not to be used then.
 */
export async function* readEntries(path: string, options: ReadOptions = {}): AsyncGenerator<Entry> {
  const splitter = createSplitter(path);
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    options.signal?.throwIfAborted();
    yield* splitter.take(chunk);
    bytes += chunk.length;
    options.onBytes?.(bytes);
  }
  splitter.end();
}

/** Finds where records begin and end; what is between is read by JSON.parse. */
function createSplitter(path: string) {
  let kind: 'list' | 'object' | null = null;
  let ended = false;
  let depth = 0;
  let inText = false;
  let escaped = false;
  let number = 0;
  let length = 0;
  let parts: Buffer[] = [];
  let key: string | null = null;
  let position = 0;
  /** A comma was just read: something has to follow. */
  let owed = false;

  const broken = (why: string): OpsdeckError =>
    new OpsdeckError(
      'BAD_REQUEST',
      `${path} is not a whole JSON file (${why}, near byte ${position}). Nothing was imported: copy it again from the old server.`,
    );

  function collect(chunk: Buffer, from: number, to: number): void {
    length += to - from;
    if (length <= longestEntry) parts.push(chunk.subarray(from, to));
    else parts = [];
  }

  function text(): string {
    const bytes = Buffer.concat(parts);
    parts = [];
    return bytes.toString('utf8').trim();
  }

  function readKey(): void {
    const written = length > longestEntry ? null : text();
    length = 0;
    if (written === null) throw broken('a name is too long');
    const parsed = parse(written, 'a name cannot be read');
    if (typeof parsed !== 'string') throw broken('a name is not text');
    key = parsed;
  }

  function parse(written: string, why: string): unknown {
    try {
      return JSON.parse(written) as unknown;
    } catch {
      throw broken(why);
    }
  }

  function* endEntry(last: boolean): Generator<Entry> {
    const tooLong = length > longestEntry;
    const written = tooLong ? '' : text();
    length = 0;
    if (!tooLong && written === '') {
      if (last && number === 0 && key === null && !owed) return;
      throw broken('a record is missing');
    }
    if (kind === 'object' && key === null) throw broken('a record has no name');
    number += 1;
    owed = !last;
    const named = key;
    key = null;
    if (tooLong) yield { key: named, number, tooLong };
    else yield { key: named, number, value: parse(written, `record ${number} cannot be read`) };
  }

  function begin(byte: number): void {
    if (isSpace(byte) || (position <= 3 && byte >= 0xbb)) return;
    if (byte === open) kind = 'list';
    else if (byte === openObject) kind = 'object';
    else throw broken('it is neither a list nor an object of records');
  }

  return {
    *take(chunk: Buffer): Generator<Entry> {
      let from = kind === null ? -1 : 0;
      for (let at = 0; at < chunk.length; at += 1) {
        const byte = chunk[at]!;
        position += 1;
        if (ended) {
          if (!isSpace(byte)) throw broken('something follows its end');
          continue;
        }
        if (kind === null) {
          begin(byte);
          if (kind !== null) from = at + 1;
          continue;
        }
        if (inText) {
          if (escaped) escaped = false;
          else if (byte === backslash) escaped = true;
          else if (byte === quote) inText = false;
          continue;
        }
        if (byte === quote) inText = true;
        else if (byte === open || byte === openObject) depth += 1;
        else if (byte === close || byte === closeObject) {
          if (depth > 0) {
            depth -= 1;
            continue;
          }
          if ((byte === close) !== (kind === 'list')) throw broken('its brackets do not match');
          collect(chunk, from, at);
          yield* endEntry(true);
          ended = true;
        } else if (depth === 0 && byte === comma) {
          collect(chunk, from, at);
          yield* endEntry(false);
          from = at + 1;
        } else if (depth === 0 && byte === colon && kind === 'object' && key === null) {
          collect(chunk, from, at);
          readKey();
          from = at + 1;
        }
      }
      if (kind !== null && !ended && from < chunk.length) collect(chunk, Math.max(from, 0), chunk.length);
    },
    end() {
      if (kind === null) throw broken('it is empty');
      if (!ended) throw broken('it ends in the middle');
    },
  };
}
