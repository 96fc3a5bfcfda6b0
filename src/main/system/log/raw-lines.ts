import type { LogFile } from './log-files.ts';

/** Read at a time, and the longest line that is held whole, in bytes: what is longer comes in pieces. */
const chunkBytes = 64 * 1024;
export const longestLine = 256 * 1024;

export interface RawLine {
  /** Where it begins in its file, and where the next one does. */
  start: number;
  end: number;
  bytes: Buffer;
}

const newline = 10;

/** The lines of a file that end at or before `end`, the last first. Reads no further than it is asked for. */
export async function* linesBefore(file: LogFile, end: number): AsyncGenerator<RawLine> {
  let position = end;
  /** Bytes behind `position` whose line begins before it. */
  let tail: Buffer = Buffer.alloc(0);
  while (position > 0) {
    const from = Math.max(0, position - chunkBytes);
    const read = await readBytes(file, from, position);
    // Shorter than it was: it was cut meanwhile.
    if (read.length < position - from) return;
    const bytes = tail.length === 0 ? read : Buffer.concat([read, tail]);
    let stop = bytes.length;
    for (let at = newlineBefore(bytes, stop); at >= 0; at = newlineBefore(bytes, stop)) {
      yield { start: from + at + 1, end: from + stop, bytes: bytes.subarray(at + 1, stop) };
      stop = at + 1;
    }
    tail = bytes.subarray(0, stop);
    position = from;
    if (tail.length > longestLine) {
      yield { start: from, end: from + tail.length, bytes: tail };
      tail = Buffer.alloc(0);
    }
  }
  if (tail.length > 0) yield { start: 0, end: tail.length, bytes: tail };
}

/** The newline that ends the line before the one that ends at `stop`; -1: none. */
function newlineBefore(bytes: Buffer, stop: number): number {
  return stop < 2 ? -1 : bytes.lastIndexOf(newline, stop - 2);
}

/** The finished lines of a file from `start` on; with `last`, also what stands unfinished at its end. */
export async function* linesAfter(file: LogFile, start: number, last: boolean): AsyncGenerator<RawLine> {
  let position = start;
  let head: Buffer = Buffer.alloc(0);
  while (position < file.size) {
    const read = await readBytes(file, position, Math.min(file.size, position + chunkBytes));
    if (read.length === 0) return;
    position += read.length;
    const bytes = head.length === 0 ? read : Buffer.concat([head, read]);
    const base = position - bytes.length;
    let from = 0;
    for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, from)) {
      yield { start: base + from, end: base + at + 1, bytes: bytes.subarray(from, at + 1) };
      from = at + 1;
    }
    head = bytes.subarray(from);
    if (head.length > longestLine) {
      yield { start: base + from, end: position, bytes: head };
      head = Buffer.alloc(0);
    }
  }
  if (last && head.length > 0) yield { start: position - head.length, end: position, bytes: head };
}

/** Where the last finished line of a file ends: what stands behind it is being written. */
export async function endOfLines(file: LogFile): Promise<number> {
  for (let end = file.size; end > 0 && file.size - end <= longestLine; end -= chunkBytes) {
    const from = Math.max(0, end - chunkBytes);
    const at = (await readBytes(file, from, end)).lastIndexOf(newline);
    if (at >= 0) return from + at + 1;
    if (from === 0) return 0;
  }
  return file.size;
}

async function readBytes({ handle }: LogFile, from: number, to: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(to - from);
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
