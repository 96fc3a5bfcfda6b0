import { createContext, useContext, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { createFormat, type Format } from '../i18n/format.ts';
import { useServices } from '../services.ts';

/** Formats with the few words that stand in every row, so that a row needs no translator of its own. */
export interface PageFormat extends Format {
  /** `3 min ago`, `just now`. */
  ago(ms: number): string;
  /** `in 0:05`. */
  ahead(ms: number): string;
  readonly justNow: string;
  readonly now: string;
  readonly noCommission: string;
}

const FormatContext = createContext<PageFormat | null>(null);

/** Gives the page one set of formats; building them is slow, and a list row uses a dozen. */
export const FormatProvider = FormatContext.Provider;

/** Builds the formats of the present language in the office's time zone; for the page's one provider. */
export function useOfficeFormat(): PageFormat {
  const { t, i18n } = useTranslation();
  const { today, office } = useServices();
  const ofToday = useStore(today, (state) => state.data?.time_zone);
  const ofOffice = useStore(office, (state) => state.data?.settings.timeZone);
  const zone = ofToday ?? ofOffice ?? 'Europe/Stockholm';
  return useMemo(() => {
    const format = createFormat(i18n.language === 'sv' ? 'sv' : 'en', zone);
    const justNow = t('figures.justNow');
    return {
      ...format,
      justNow,
      ago: (ms) => (ms < 2000 ? justNow : t('figures.ago', { span: format.span(ms) })),
      ahead: (ms) => t('figures.ahead', { span: format.countdown(ms) }),
      now: t('figures.now'),
      noCommission: t('figures.noCommission'),
    };
  }, [t, i18n.language, zone]);
}

/** The page's formats: present language, the office's time zone. */
export function useFormat(): PageFormat {
  const format = useContext(FormatContext);
  if (format === null) throw new Error('The page was drawn without its formats');
  return format;
}
