import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from './en.json' with { type: 'json' };
import sv from './sv.json' with { type: 'json' };
import type { Language } from './format.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'words';
    resources: { words: typeof en };
  }
}

/** Starts the words of both languages. React escapes what is put in, so i18next must not do it twice. */
export function initI18n(language: Language): i18n {
  const instance = i18next.createInstance();
  void instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    defaultNS: 'words',
    resources: { sv: { words: sv }, en: { words: en } },
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  return instance;
}
