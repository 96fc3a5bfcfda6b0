import { createContext, useContext, useMemo } from 'react';
import { createFormat, type Format } from '../i18n/format.ts';

const FormatContext = createContext<Format>(createFormat('en', 'UTC'));
export const WallFormatProvider = FormatContext.Provider;

/** Numbers, money and times in the wall's language and the office's zone. */
export function useWallFormat(): Format {
  return useContext(FormatContext);
}

/** Calendar days, given as YYYY-MM-DD, in words. */
export function useDayWords(): { weekday(day: string): string; span(from: string, to: string): string } {
  const { language } = useWallFormat();
  return useMemo(() => {
    const locale = language === 'sv' ? 'sv-SE' : 'en-GB';
    const weekday = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: 'short' });
    const day = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'long' });
    const at = (name: string): Date => new Date(`${name}T00:00:00Z`);
    return {
      weekday: (name) => weekday.format(at(name)),
      span: (from, to) => day.formatRange(at(from), at(to)),
    };
  }, [language]);
}
