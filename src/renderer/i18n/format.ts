/** Languages the console speaks. */
export type Language = 'sv' | 'en';

/** Numbers, money and instants as words of one language, in the office's time zone. */
export interface Format {
  readonly language: Language;
  /** `4 500`. */
  number(value: number): string;
  /** `4 500 kr`; öre only where there are some. */
  money(value: number): string;
  /** `4,50 USD`: what the supplier's prices are in. */
  dollars(value: number): string;
  /** `0,42`: a rate with two decimals. */
  rate(value: number): string;
  /** `41,3 MB`. */
  megabytes(bytes: number): string;
  /** `5 %` of a share from 0 to 1. */
  percent(share: number): string;
  /** `09:14`. */
  time(instant: string | Date): string;
  /** `22 nov. 09:14`. */
  stamp(instant: string | Date): string;
  /** `22 nov. 09:14:05`. */
  stampWithSeconds(instant: string | Date): string;
  /** `2026-11-22`: the calendar day, to compare. */
  isoDay(instant: string | Date): string;
  /** `22 nov.`. */
  day(instant: string | Date): string;
  /** A calendar day given as YYYY-MM-DD: `söndag 22 november`. */
  longDay(day: string): string;
  /** `42 s`, `3 min`, `2 h 10 min`, `4 d`. Never negative. */
  span(ms: number): string;
  /** How long something took: `0.2 s` below ten seconds, then as a span. */
  took(ms: number): string;
  /** `1:05`, `12:40`, `1:02:09`: a time that counts down. */
  countdown(ms: number): string;
  /** A place in a ranking: `2nd`, `2:a`. */
  rank(place: number): string;
  /** Order of words as this language has it. */
  compare(a: string, b: string): number;
}

const locales: Record<Language, string> = { sv: 'sv-SE', en: 'en-GB' };
const units: Record<Language, { s: string; min: string; h: string; d: string }> = {
  sv: { s: 's', min: 'min', h: 'tim', d: 'd' },
  en: { s: 's', min: 'min', h: 'h', d: 'd' },
};
const endings: Record<Language, Partial<Record<Intl.LDMLPluralRule, string>>> = {
  sv: { one: ':a', other: ':e' },
  en: { one: 'st', two: 'nd', few: 'rd', other: 'th' },
};
const hardSpace = '\u00a0';

function spanIn(ms: number, unit: { s: string; min: string; h: string; d: string }): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds}${hardSpace}${unit.s}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}${hardSpace}${unit.min}`;
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours < 24) {
    const whole = `${hours}${hardSpace}${unit.h}`;
    return rest === 0 ? whole : `${whole} ${rest}${hardSpace}${unit.min}`;
  }
  return `${Math.floor(hours / 24)}${hardSpace}${unit.d}`;
}

function countdownOf(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** Builds the formats of one language and zone. An unknown zone falls back to UTC rather than the machine's. */
export function createFormat(language: Language, zone: string): Format {
  const locale = locales[language];
  const timeZone = isZone(zone) ? zone : 'UTC';
  const dates = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale, { timeZone, hourCycle: 'h23', ...options });
  const clock = dates({ hour: '2-digit', minute: '2-digit' });
  const seconds = dates({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const dayMonth = dates({ day: 'numeric', month: 'short' });
  // Swedish writes days the ISO way.
  const isoDay = new Intl.DateTimeFormat('sv-SE', { timeZone });
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const kronor = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const ore = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const tenths = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const longDay = new Intl.DateTimeFormat(locale, {
    timeZone: 'UTC',
    weekday: 'long',
    day: 'numeric',
    month: 'long',
  });
  const ordinals = new Intl.PluralRules(locale, { type: 'ordinal' });
  const order = new Intl.Collator(locale, { sensitivity: 'base', numeric: true });
  const money = (value: number): string =>
    `${(Number.isInteger(value) ? kronor : ore).format(value)}${hardSpace}kr`;
  return {
    language,
    number: (value) => whole.format(value),
    money,
    dollars: (value) => `${ore.format(value)}${hardSpace}USD`,
    rate: (value) => ore.format(value),
    megabytes: (bytes) => `${tenths.format(bytes / 1_000_000)}${hardSpace}MB`,
    percent: (value) => share.format(value),
    time: (instant) => clock.format(new Date(instant)),
    stamp: (instant) => `${dayMonth.format(new Date(instant))} ${clock.format(new Date(instant))}`,
    stampWithSeconds: (instant) =>
      `${dayMonth.format(new Date(instant))} ${seconds.format(new Date(instant))}`,
    isoDay: (instant) => isoDay.format(new Date(instant)),
    day: (instant) => dayMonth.format(new Date(instant)),
    longDay: (day) => longDay.format(new Date(`${day}T00:00:00Z`)),
    span: (ms) => spanIn(ms, units[language]),
    took: (ms) =>
      ms < 9950
        ? `${tenths.format(Math.max(0, ms) / 1000)}${hardSpace}${units[language].s}`
        : spanIn(Math.round(ms / 1000) * 1000, units[language]),
    countdown: countdownOf,
    rank: (place) => `${place}${endings[language][ordinals.select(place)] ?? ''}`,
    compare: (a, b) => order.compare(a, b),
  };
}

/** What the page says it is written in: Chromium's own fields follow it, and English days are written the British way. */
export function pageLanguage(language: Language): string {
  return language === 'sv' ? 'sv' : locales.en;
}

/** True for a time zone this program can reckon in. */
export function isZone(zone: string): boolean {
  if (zone.trim() === '') return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** The language to speak: the console's own choice, else the system's where we know it, else English. */
export function chooseLanguage(setting: 'system' | Language, systemLanguages: readonly string[]): Language {
  if (setting !== 'system') return setting;
  const first = systemLanguages.find((tag) => /^(sv|en)\b/i.test(tag));
  return first !== undefined && first.toLowerCase().startsWith('sv') ? 'sv' : 'en';
}
