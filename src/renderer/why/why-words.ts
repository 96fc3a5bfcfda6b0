import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { WhyKind, WhyStep } from '../../shared/contract/why.ts';

/** Where the words of a kind's codes are; a code that a newer program wrote is shown as it is. */
const places: Partial<Record<WhyKind, (code: string) => string>> = {
  seen: (code) => `notes.${code}`,
  rejected: (code) => `rejected.reason.${code}`,
  updated: (code) => `why.field.${code}`,
  'case-opened': (code) => `duplicates.reason.${code}`,
  decided: (code) => `why.decided.${code}`,
  held: (code) => `why.held.${code}`,
  'hold-decided': (code) => `why.hold.${code}`,
  removed: (code) => `why.hold.${code}`,
};

/** A step's codes in words, one after the other. */
export function useWhyWords(): { details(step: WhyStep): string } {
  const { t, i18n } = useTranslation();
  return useMemo(
    () => ({
      details: (step) =>
        step.details
          .map((code) => {
            const key = places[step.kind]?.(code) ?? code;
            return i18n.exists(key) ? t(key as 'why.field.agent') : code;
          })
          .join(', '),
    }),
    [t, i18n],
  );
}
