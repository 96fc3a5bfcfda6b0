import { hash } from 'node:crypto';

/** RFC 4122's namespace of URLs. */
const urlNamespace = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');

/** A package's id of ours: UUID v5 of the URL namespace and `roamify:` with the supplier's id. The same everywhere, for ever. */
export function packageId(resellerId: string): string {
  const hex = hash('sha1', Buffer.concat([urlNamespace, Buffer.from(`roamify:${resellerId}`)]), 'hex');
  const variant = '89ab'[Number.parseInt(hex[16]!, 16) & 3];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The place in an id of the supplier's grammar, `esim-<place>-<N>days-<data>-all`; null for another. */
export function placeOfId(resellerId: string): string | null {
  return /^esim-(.+?)-\d+days?-/.exec(resellerId)?.[1] ?? null;
}
