// Postgres refuses NUL and stores lone surrogates as U+FFFD, so that two texts may become one; the other
// control characters have no place in a line on screen.
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const controls = /[\u0000-\u001f\u007f]/g;
const loneSurrogates = /\p{Surrogate}/gu;

/** Text that both databases keep as it is: one line, trimmed, NFC, at most `maxLength` characters (then ends in …). */
export function cleanText(text: string, maxLength: number): string {
  const read = text.slice(0, maxLength * 4 + 200);
  const clean = read.replace(controls, ' ').replace(loneSurrogates, '\ufffd').normalize('NFC').trim();
  if (clean.length <= maxLength) return clean;
  const cut = clean.slice(0, maxLength - 1);
  return `${isHighSurrogate(cut.charCodeAt(cut.length - 1)) ? cut.slice(0, -1) : cut}…`;
}

/**
 * A value as a person may see it to put it right: figures are shown, shortened to 40 characters, everything else is
 * described. Words and telephone numbers may be personal, and agents write both into any field.
 */
export function shortenValue(value: unknown): string {
  const isFigures = typeof value === 'string' && /^[\d\s.,:;/+TZ%-]*$/.test(value) && !looksLikePhone(value);
  return isFigures ? cleanText(value, 40) : describeValue(value);
}

/** Eight figures or more that begin like a telephone number, not like a date or an amount. */
function looksLikePhone(text: string): boolean {
  const trimmed = text.trim();
  return /^(\+|0)/.test(trimmed) && trimmed.replace(/\D/g, '').length >= 8 && !/[.:T]/.test(trimmed);
}

/** What kind of value it is, without any text of it: '12', 'null', 'string(5)', 'array(2)', 'object'. */
export function describeValue(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null || value === undefined) return value === null ? 'null' : 'missing';
  if (typeof value === 'string') return `string(${value.length})`;
  return Array.isArray(value) ? `array(${value.length})` : typeof value;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
