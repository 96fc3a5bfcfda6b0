import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** The base64 SHA-512 of a file, as lockfiles write it. */
export async function sha512(path) {
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('base64');
}
