import { createHash, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { z } from 'zod';
import {
  backupFooter,
  backupHeader,
  badBackup,
  frameHeadBytes,
  longestFrame,
  magic,
  trailerBytes,
  type BackupSummary,
  type FrameType,
} from './backup-format.ts';

/** One frame as it stands in the file. */
export interface Frame {
  type: FrameType;
  payload: Buffer;
}

/** A file that was opened as a backup and says what it holds. */
export interface OpenBackup extends BackupSummary {
  path: string;
  /**
   * Every frame from the first to the footer. Ends with an error when the bytes read do not have the digest that the
   * file ends with, so whoever has read to the end has read what was written.
   */
  frames(onBytes?: (read: number) => void): AsyncGenerator<Frame, void, undefined>;
  close(): Promise<void>;
}

/** Opens a backup by both its ends; a refusal in words when it is none, or was cut off. */
export async function openBackup(path: string): Promise<OpenBackup> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw badBackup(path, `it cannot be opened: ${reason(error)}`, error);
  });
  try {
    const summary = await readEnds(file, path);
    return {
      ...summary,
      path,
      frames: (onBytes) => readFrames(file, path, summary.bytes, onBytes ?? (() => {})),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** What a backup says of itself, from its two ends; its middle is not looked at. */
export async function readSummary(path: string): Promise<BackupSummary> {
  const { header, footer, bytes, close } = await openBackup(path);
  await close();
  return { header, footer, bytes };
}

/** Reads a JSON frame by its schema. */
export function readJson<T>(frame: Frame, schema: z.ZodType<T>, path: string): T {
  let value: unknown;
  try {
    value = JSON.parse(frame.payload.toString('utf8'));
  } catch (error) {
    throw badBackup(path, `its part ${frame.type} cannot be read`, error);
  }
  const read = schema.safeParse(value);
  if (!read.success) throw badBackup(path, `its part ${frame.type} is of another kind`, read.error);
  return read.data;
}

async function readEnds(file: FileHandle, path: string): Promise<BackupSummary> {
  const info = await file.stat();
  const bytes = info.size;
  if (!info.isFile()) throw badBackup(path, 'it is not a file');
  const start = await readAt(file, 0, magic.length);
  if (!start.equals(magic)) throw badBackup(path, 'it does not begin like one');
  if (bytes < magic.length + frameHeadBytes + trailerBytes) throw badBackup(path, 'it was cut off');
  const headerFrame = await readFrameAt(file, path, magic.length, 'H', bytes);
  const trailer = await readAt(file, bytes - trailerBytes, 4);
  const footerAt = bytes - trailerBytes - trailer.readUInt32BE(0);
  if (footerAt < magic.length) throw badBackup(path, 'it was cut off or damaged at its end');
  const footerFrame = await readFrameAt(file, path, footerAt, 'F', bytes);
  return {
    header: readJson(headerFrame, backupHeader, path),
    footer: readJson(footerFrame, backupFooter, path),
    bytes,
  };
}

async function readFrameAt(
  file: FileHandle,
  path: string,
  at: number,
  type: FrameType,
  size: number,
): Promise<Frame> {
  const head = await readAt(file, at, frameHeadBytes);
  const length = head.length === frameHeadBytes ? head.readUInt32BE(1) : 0;
  if (head.toString('latin1', 0, 1) !== type || at + frameHeadBytes + length > size - trailerBytes) {
    throw badBackup(path, 'it was cut off or damaged');
  }
  return { type, payload: await readAt(file, at + frameHeadBytes, length) };
}

async function* readFrames(
  file: FileHandle,
  path: string,
  bytes: number,
  onBytes: (read: number) => void,
): AsyncGenerator<Frame, void, undefined> {
  const digest = createHash('sha256');
  const end = bytes - trailerBytes;
  digest.update(await readAt(file, 0, magic.length));
  let at = magic.length;
  while (at < end) {
    const head = await readAt(file, at, frameHeadBytes);
    const type = head.toString('latin1', 0, 1);
    const length = head.length === frameHeadBytes ? head.readUInt32BE(1) : Infinity;
    if (!isType(type) || length > longestFrame || at + frameHeadBytes + length > end) {
      throw badBackup(path, `it is damaged at byte ${at}`);
    }
    const payload = await readAt(file, at + frameHeadBytes, length);
    digest.update(head).update(payload);
    at += frameHeadBytes + length;
    onBytes(at);
    yield { type, payload };
  }
  await checkDigest(file, path, end, digest);
}

async function checkDigest(file: FileHandle, path: string, end: number, digest: Hash): Promise<void> {
  const trailer = await readAt(file, end, trailerBytes);
  digest.update(trailer.subarray(0, 4));
  if (!digest.digest().equals(trailer.subarray(4))) {
    throw badBackup(path, 'its digest does not fit what it holds: bytes were changed after it was written');
  }
}

function isType(letter: string): letter is FrameType {
  return 'HTDEF'.includes(letter) && letter.length === 1;
}

/** Up to `length` bytes; fewer at the end of the file. */
async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await file.read(bytes, read, length - read, position + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return bytes.subarray(0, read);
}

function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOENT') return 'there is no such file';
  return error instanceof Error ? error.message : String(error);
}
