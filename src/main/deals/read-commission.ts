import { isBlank, unreadable, type Unreadable } from './read-value.ts';

const decimal = /^([+-]?)(\d+)(?:\.(\d+))?$/;
/** numeric(14,2) holds twelve digits before the point. */
const maxIntegerDigits = 12;

/**
 * Money as exact text with two decimals ('4500.00'), rounded half away from zero; null: none given. Never by way
 * of a float: a JSON number counts as the decimal it was written as, so 1.005 is 1.01.
 */
export function readCommission(value: unknown): string | null | Unreadable {
  if (isBlank(value)) return null;
  if (typeof value === 'number') return roundDecimal(spellOut(value));
  return typeof value === 'string' ? roundDecimal(value.trim()) : unreadable;
}

/** The shortest decimal of a number, with its exponent worked out; Infinity and NaN stay words. */
function spellOut(value: number): string {
  const text = String(value);
  const at = text.indexOf('e');
  if (at === -1) return text;
  // The shortest form of a number that needs an exponent is below 1e-6 or at least 1e21.
  return Number(text.slice(at + 1)) < 0 ? '0.000' : text;
}

function roundDecimal(text: string): string | Unreadable {
  const match = decimal.exec(text);
  if (!match) return unreadable;
  const whole = match[2]?.replace(/^0+(?=\d)/, '') ?? '';
  if (whole.length > maxIntegerDigits) return unreadable;
  const fraction = match[3] ?? '';
  const cut = `${whole}${fraction.slice(0, 2).padEnd(2, '0')}`;
  // Fourteen digits are exact as a number.
  const hundredths = Number(cut) + (fraction.length > 2 && fraction.charAt(2) >= '5' ? 1 : 0);
  const digits = String(hundredths).padStart(3, '0');
  if (digits.length > maxIntegerDigits + 2) return unreadable;
  const sign = match[1] === '-' && hundredths !== 0 ? '-' : '';
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
