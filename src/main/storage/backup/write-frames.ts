import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import { frameHeadBytes, magic, type FrameType } from './backup-format.ts';

const deflate = promisify(deflateRaw);

/** Writes frames one after the other into a new file, and keeps the digest of all. */
export interface FrameWriter {
  json(type: Exclude<FrameType, 'D'>, value: unknown): Promise<void>;
  /** Rows as COPY gives them; deflated beside the main thread. */
  rows(text: Buffer): Promise<void>;
  /** Writes the trailer; the last frame must have been the footer. Answers the digest in hex. */
  end(): Promise<string>;
  /** Bytes written so far. */
  bytes(): number;
}

/** Begins a backup in an empty file. */
export async function beginFrames(file: FileHandle): Promise<FrameWriter> {
  const digest = createHash('sha256');
  let written = 0;
  let lastFrame = 0;

  async function put(bytes: Buffer): Promise<void> {
    digest.update(bytes);
    await writeAll(file, bytes);
    written += bytes.length;
  }

  async function frame(type: FrameType, payload: Buffer): Promise<void> {
    const head = Buffer.alloc(frameHeadBytes);
    head.write(type, 0, 'latin1');
    head.writeUInt32BE(payload.length, 1);
    lastFrame = head.length + payload.length;
    await put(Buffer.concat([head, payload]));
  }

  await put(magic);
  return {
    json: (type, value) => frame(type, Buffer.from(JSON.stringify(value))),
    rows: async (text) => frame('D', await deflate(text, { level: 4 })),
    async end() {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(lastFrame);
      await put(length);
      const sum = digest.digest();
      await writeAll(file, sum);
      written += sum.length;
      return sum.toString('hex');
    },
    bytes: () => written,
  };
}

/** `write` may take only a part, on a disk that is nearly full. */
async function writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
}
