import { Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconArrowBackUp, IconCheck, IconPlayerStop } from '@tabler/icons-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Name } from '../ui/figures.tsx';
import { StateWord } from '../ui/state-word.tsx';
import { useFormat } from '../ui/use-format.ts';
import { VirtualTable, type Column } from '../ui/virtual-table.tsx';
import type { Refused } from './decide-many.ts';
import css from './duplicates.module.css';
import type { BulkStep } from './use-bulk.ts';

type Ended = Extract<BulkStep, { kind: 'ended' }>;

/** What became of every case: how many were decided, and each that was not with why. */
export function BulkResult(props: { ended: Ended; onUndo: () => void; onClose: () => void }): ReactNode {
  const { result, of } = props.ended;
  const { t } = useTranslation();
  const format = useFormat();
  const figures = (count: number) => ({ count, number: format.number(count) });
  const done = result.decided.length;
  const word = of === 'running' ? 'decided' : 'undone';
  return (
    <>
      <div className={css.bulkWords} role="status">
        <StateWord tone={done > 0 ? 'ok' : 'quiet'} icon={of === 'running' ? IconCheck : IconArrowBackUp}>
          {t(`duplicates.bulk.${word}`, figures(done))}
        </StateWord>
        {result.refused.length === 0 ? null : (
          <StateWord tone="warn" icon={IconAlertTriangle}>
            {t('duplicates.bulk.refused', figures(result.refused.length))}
          </StateWord>
        )}
        {result.left === 0 ? null : (
          <StateWord tone="quiet" icon={IconPlayerStop}>
            {t('duplicates.bulk.left', figures(result.left))}
          </StateWord>
        )}
      </div>
      {result.failure === null ? null : (
        <Text size="sm" c="var(--od-bad)" role="alert">
          {t(`errors.${result.failure.code}.title`)} {t(`errors.${result.failure.code}.next`)}
        </Text>
      )}
      {result.refused.length === 0 ? null : <RefusedCases ended={props.ended} />}
      <Group justify="flex-end">
        {of === 'running' && done > 0 ? (
          <Button variant="default" onClick={props.onUndo}>
            {t('duplicates.bulk.undo', figures(done))}
          </Button>
        ) : null}
        <Button onClick={props.onClose} data-autofocus>
          {t('actions.close')}
        </Button>
      </Group>
    </>
  );
}

function RefusedCases({ ended }: { ended: Ended }): ReactNode {
  const { t } = useTranslation();
  const leads = useMemo(() => new Map(ended.cases.map((one) => [one.id, one.lead_id])), [ended.cases]);
  const columns = useMemo<readonly Column<Refused>[]>(
    () => [
      {
        key: 'lead',
        label: t('duplicates.history.lead'),
        width: '110px',
        cell: (one) => <Name value={leads.get(one.id) ?? String(one.id)} />,
      },
      {
        key: 'why',
        label: t('duplicates.bulk.why'),
        width: 'minmax(0, 1fr)',
        cell: (one) => (
          <span lang="en" title={one.message}>
            {one.message}
          </span>
        ),
      },
    ],
    [t, leads],
  );
  return (
    <div
      className={css.refusedCases}
      style={{ height: Math.min(240, 32 + ended.result.refused.length * 30) }}
    >
      <VirtualTable
        label={t('duplicates.bulk.refused', {
          count: ended.result.refused.length,
          number: ended.result.refused.length,
        })}
        columns={columns}
        rows={ended.result.refused}
        rowKey={(one) => String(one.id)}
        rowHeight={30}
      />
    </div>
  );
}
