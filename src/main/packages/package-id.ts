import { createHash } from 'node:crypto';

/** RFC 4122's namespace of URLs. */
const urlNamespace = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');

/** A package's id of ours: UUID v5 of the URL namespace and `roamify:` with the supplier's id. The same everywhere, for ever. */
export function packageId(resellerId: string): string {
  const hash = createHash('sha1').update(urlNamespace).update(`roamify:${resellerId}`).digest();
  hash[6] = (hash[6]! & 0x0f) | 0x50;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The place in an id of the supplier's grammar, `esim-<place>-<N>days-<data>-all`; null for another. */
export function placeOfId(resellerId: string): string | null {
  return /^esim-(.+?)-\d+days?-/.exec(resellerId)?.[1] ?? null;
}
