import { createContext, useContext, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { createFormat, type Format } from '../i18n/format.ts';
import { useServices } from '../services.ts';

const FormatContext = createContext<Format | null>(null);

/** Gives the page one set of formats; building them is slow, and a list row uses a dozen. */
export const FormatProvider = FormatContext.Provider;

/** Builds the formats of the present language in the office's time zone; for the page's one provider. */
export function useOfficeFormat(): Format {
  const { i18n } = useTranslation();
  const { today, office } = useServices();
  const ofToday = useStore(today, (state) => state.data?.time_zone);
  const ofOffice = useStore(office, (state) => state.data?.settings.timeZone);
  const zone = ofToday ?? ofOffice ?? 'Europe/Stockholm';
  return useMemo(() => createFormat(i18n.language === 'sv' ? 'sv' : 'en', zone), [i18n.language, zone]);
}

/** The page's formats: present language, the office's time zone. */
export function useFormat(): Format {
  const format = useContext(FormatContext);
  if (format === null) throw new Error('The page was drawn without its formats');
  return format;
}
