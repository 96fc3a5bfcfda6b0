import { TextInput, type TextInputProps } from '@mantine/core';
import { useLayoutEffect, useRef, type ReactNode } from 'react';
import { pageLanguage } from '../i18n/format.ts';
import { useFormat } from './use-format.ts';

/** A field for an office day, written as the console's language has it. */
export function DayInput(props: Omit<TextInputProps, 'type' | 'lang'>): ReactNode {
  const { language } = useFormat();
  const field = useRef<HTMLInputElement>(null);
  // Chromium looks at the language when it lays the field out: before it is on the page, and then only when a limit
  // moves. A step of one day is what there is anyway.
  useLayoutEffect(() => {
    field.current?.removeAttribute('step');
    field.current?.setAttribute('step', '1');
  }, [language]);
  return <TextInput ref={field} {...props} type="date" lang={pageLanguage(language)} />;
}
