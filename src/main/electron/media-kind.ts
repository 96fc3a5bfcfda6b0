/** A file that a wall may play or show, told by its first bytes; its name says nothing. */
export interface MediaKind {
  kind: 'sound' | 'picture';
  /** What it is sent as. */
  type: string;
}

/** Bytes of a file that are enough to tell its kind. */
export const headBytes = 16;
/** Longest file of each kind, in bytes. */
export const mostBytes: Readonly<Record<MediaKind['kind'], number>> = {
  sound: 1_000_000,
  picture: 2_000_000,
};

/** The kind of a file by its content; null for anything that is not on the list (SVG is a program, and is not). */
export function mediaKindOf(head: Uint8Array): MediaKind | null {
  const text = (from: number, to: number) => String.fromCharCode(...head.subarray(from, to));
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WAVE') return { kind: 'sound', type: 'audio/wav' };
  if (text(0, 4) === 'OggS') return { kind: 'sound', type: 'audio/ogg' };
  if (text(0, 3) === 'ID3' || isMpegFrame(head)) return { kind: 'sound', type: 'audio/mpeg' };
  if (text(0, 8) === '\u0089PNG\r\n\u001a\n') return { kind: 'picture', type: 'image/png' };
  if (text(0, 3) === '\u00ff\u00d8\u00ff') return { kind: 'picture', type: 'image/jpeg' };
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return { kind: 'picture', type: 'image/webp' };
  return null;
}

/** Eleven bits set, then a version and a layer III that exist. */
function isMpegFrame(head: Uint8Array): boolean {
  const [first = 0, second = 0] = head;
  return first === 0xff && (second & 0xe0) === 0xe0 && (second & 0x18) !== 0x08 && (second & 0x06) === 0x02;
}

/** The agent whose file this is by its name, `4711.mp3`; null for any other name. */
export function agentOfFile(name: string): string | null {
  return /^(\d{1,18})\.(?:mp3|ogg|wav|png|jpe?g|webp)$/i.exec(name)?.[1] ?? null;
}
