import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';

export interface ZipEntry {
  /** Path inside, with forward slashes. */
  name: string;
  content: Buffer;
}

const deflate = promisify(deflateRaw);

/** Names are UTF-8. */
const utf8Flag = 0x0800;
const deflated = 8;
/** 2.0: deflate and folders. */
const version = 20;

/**
 * Files in one zip, which every system opens by itself (PKWARE APPNOTE 4.3; without the 64-bit fields, so at most
 * 4 GB and 65 535 files). Compressed off the main thread.
 */
export async function makeZip(entries: readonly ZipEntry[], at: Date): Promise<Buffer> {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of entries) {
    const packed = await deflate(content);
    const path = Buffer.from(name, 'utf8');
    const fields = commonFields(content, packed, path, at);
    const local = Buffer.concat([signature('PK\u0003\u0004'), fields, path, packed]);
    directory.push(directoryEntry(fields, path, offset));
    files.push(local);
    offset += local.length;
  }
  const index = Buffer.concat(directory);
  return Buffer.concat([...files, index, endOfDirectory(entries.length, index.length, offset)]);
}

const signature = (text: string) => Buffer.from(text, 'latin1');

/** What a file's own header and its entry in the directory have in common, 26 bytes. */
function commonFields(content: Buffer, packed: Buffer, path: Buffer, at: Date): Buffer {
  const fields = Buffer.alloc(26);
  const { date, time } = dosTime(at);
  fields.writeUInt16LE(version, 0);
  fields.writeUInt16LE(utf8Flag, 2);
  fields.writeUInt16LE(deflated, 4);
  fields.writeUInt16LE(time, 6);
  fields.writeUInt16LE(date, 8);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(path.length, 22);
  return fields;
}

function directoryEntry(fields: Buffer, path: Buffer, offset: number): Buffer {
  const made = Buffer.alloc(2);
  made.writeUInt16LE(version, 0);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([signature('PK\u0001\u0002'), made, fields, rest, path]);
}

function endOfDirectory(count: number, bytes: number, offset: number): Buffer {
  const end = Buffer.alloc(18);
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(bytes, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([signature('PK\u0005\u0006'), end]);
}

/** UTC, in steps of two seconds from 1980 on. */
function dosTime(at: Date): { date: number; time: number } {
  const year = Math.max(0, at.getUTCFullYear() - 1980);
  return {
    date: (year << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(),
    time: (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
  };
}
