import { crc32, inflateRawSync } from 'node:zlib';

/** What a zip holds, read the way other programs do: from its directory at the end. Throws over what does not fit. */
export function readZip(zip: Buffer): Map<string, string> {
  const end = zip.lastIndexOf('PK\u0005\u0006', undefined, 'latin1');
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  const files = new Map<string, string>();
  for (let n = 0; n < count; n++) {
    if (zip.toString('latin1', at, at + 4) !== 'PK\u0001\u0002')
      throw new Error('no entry where one should be');
    const [sum, packed, bytes] = [at + 16, at + 20, at + 24].map((place) => zip.readUInt32LE(place)) as [
      number,
      number,
      number,
    ];
    const length = zip.readUInt16LE(at + 28);
    const offset = zip.readUInt32LE(at + 42);
    const name = zip.toString('utf8', at + 46, at + 46 + length);
    const begin = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
    const content = inflateRawSync(zip.subarray(begin, begin + packed));
    if (content.length !== bytes || crc32(content) !== sum) throw new Error(`${name} is damaged`);
    files.set(name, content.toString('utf8'));
    at += 46 + length;
  }
  return files;
}
