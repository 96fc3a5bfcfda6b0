import { useTranslation } from 'react-i18next';
import { useMemo } from 'react';
import type { RejectedRecord } from '../../shared/contract/sync.ts';

/** A record's what and why in words; a reason that a newer program wrote is shown as it is. */
export function useRejectedWords(): {
  what(record: RejectedRecord): string;
  why(reason: string): string;
  /** What a person can do about it; null where nothing is known. */
  fix(reason: string): string | null;
} {
  const { t, i18n } = useTranslation();
  return useMemo(
    () => ({
      what: (record) => {
        const key = `rejected.record.${record.source}`;
        const named = i18n.exists(key) ? t(key as 'rejected.record.deals') : record.source;
        return `${named} ${record.key}`;
      },
      why: (reason) => {
        const key = `rejected.reason.${reason}`;
        return i18n.exists(key) ? t(key as 'rejected.reason.status') : reason;
      },
      fix: (reason) => {
        const key = `rejected.fix.${reason}`;
        return i18n.exists(key) ? t(key as 'rejected.fix.status') : null;
      },
    }),
    [t, i18n],
  );
}
