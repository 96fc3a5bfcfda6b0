import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RejectedRecord } from '../../shared/contract/sync.ts';
import { useResource, useServices } from '../services.ts';
import { Moment, Name } from '../ui/figures.tsx';
import { useFormat } from '../ui/use-format.ts';
import type { Column } from '../ui/virtual-table.tsx';
import { useRejectedWords } from './rejected-words.ts';
import { detailInWords } from './detail-in-words.ts';

/** What, why, the value, since when and how often. */
export function useRejectedColumns(): readonly Column<RejectedRecord>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useRejectedWords();
  const day = useResource(useServices().today).data?.day;
  return useMemo(() => {
    const today = day === undefined ? {} : { today: day };
    return [
      {
        key: 'what',
        label: t('rejected.what'),
        width: 'minmax(118px, 0.9fr)',
        cell: (r) => <Name value={words.what(r)} />,
      },
      {
        key: 'why',
        label: t('rejected.why'),
        width: 'minmax(110px, 1.3fr)',
        cell: (r) => <span title={words.why(r.reason)}>{words.why(r.reason)}</span>,
      },
      {
        key: 'detail',
        label: t('rejected.detail'),
        width: 'minmax(60px, 0.8fr)',
        cell: (r) => (r.detail === null ? '–' : <Name value={detailInWords(r.detail, t)} />),
      },
      {
        key: 'first',
        label: t('rejected.firstSeen'),
        width: 'minmax(70px, 100px)',
        cell: (r) => <Moment at={r.first_seen} {...today} />,
      },
      {
        key: 'last',
        label: t('rejected.lastSeen'),
        width: 'minmax(70px, 100px)',
        cell: (r) => <Moment at={r.last_seen} {...today} />,
      },
      {
        key: 'times',
        label: t('rejected.times'),
        width: '48px',
        align: 'end',
        cell: (r) => format.number(r.times),
      },
    ];
  }, [t, format, words, day]);
}
