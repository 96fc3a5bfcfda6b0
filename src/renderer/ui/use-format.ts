import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { createFormat, type Format } from '../i18n/format.ts';
import { useServices } from '../services.ts';

/** Formats of the present language in the office's time zone. */
export function useFormat(): Format {
  const { i18n } = useTranslation();
  const { today, office } = useServices();
  const ofToday = useStore(today, (state) => state.data?.time_zone);
  const ofOffice = useStore(office, (state) => state.data?.settings.timeZone);
  const zone = ofToday ?? ofOffice ?? 'Europe/Stockholm';
  return useMemo(() => createFormat(i18n.language === 'sv' ? 'sv' : 'en', zone), [i18n.language, zone]);
}
