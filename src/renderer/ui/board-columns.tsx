import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FairMarks } from '../../shared/fair-board.ts';
import { FairSigns } from './fair-board.tsx';
import { Money, Name } from './figures.tsx';
import css from './parts.module.css';
import type { RankedRow } from './sort-board.ts';
import { useFormat } from './use-format.ts';
import type { Column } from './virtual-table.tsx';

/** The columns of a board of agents with their marks, or of groups; every one sorts. */
export function useBoardColumns(
  by: 'agents' | 'groups',
  marks: ReadonlyMap<string, FairMarks>,
): readonly Column<RankedRow>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return useMemo(() => {
    const dash = <span className={css.quiet}>–</span>;
    const column = (
      key: string,
      label: string,
      width: string,
      cell: (row: RankedRow) => ReactNode,
    ): Column<RankedRow> => ({ key, label, width, align: 'end', sortable: true, cell });
    const text = (...given: Parameters<typeof column>): Column<RankedRow> => {
      const { align: _end, ...rest } = column(...given);
      return rest;
    };
    const name = (row: RankedRow): ReactNode => (
      <span className={css.person}>
        <Name value={row.name} />
        <FairSigns marks={marks.get(row.user_id)} />
      </span>
    );
    const who =
      by === 'agents'
        ? [
            text('name', t('board.agent'), 'minmax(104px, 1.5fr)', name),
            text('group', t('board.group'), 'minmax(60px, 1fr)', (row) =>
              row.group === null ? dash : <Name value={row.group} />,
            ),
          ]
        : [
            text('name', t('board.group'), 'minmax(104px, 2fr)', name),
            column('agents', t('board.agents'), 'minmax(64px, 0.7fr)', (row) =>
              format.number(row.agents ?? 0),
            ),
          ];
    return [
      column('rank', t('board.rank'), '28px', (row) => <span className={css.quiet}>{row.rank}</span>),
      ...who,
      column('deals', t('board.deals'), '62px', (row) => format.number(row.deals)),
      column('commission', t('board.commission'), '98px', (row) => <Money value={row.commission} />),
      column('sms', t('board.sms'), '52px', (row) => format.number(row.sms)),
      column('conversion', t('board.conversion'), '80px', (row) =>
        row.conversion === null ? dash : format.rate(row.conversion),
      ),
    ];
  }, [t, format, by, marks]);
}
