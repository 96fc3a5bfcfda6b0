import { IconCheck, IconClock, IconRobot, IconScale, IconX } from '@tabler/icons-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RuleCase, RuleView } from '../../shared/contract/rules.ts';
import { useResource, useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Moment, Name } from '../ui/figures.tsx';
import { Panel } from '../ui/panel.tsx';
import { StateWord } from '../ui/state-word.tsx';
import { VirtualTable, type Column } from '../ui/virtual-table.tsx';
import { WhyButton } from '../ui/why-button.tsx';

const rowHeight = 36;
const keyOf = (row: RuleCase): string => `${row.duplicate_id} ${row.at}`;

/** Case by case: what people decided where the rule would have decided too. */
export function RuleCases({ rule }: { rule: RuleView | null }): ReactNode {
  const { t } = useTranslation();
  const { rules } = useServices();
  const { data, failure } = useResource(rules.cases);
  const columns = useCaseColumns();
  return (
    <Panel title={rule === null ? t('rules.cases') : t('rules.casesOf', { name: rule.name })}>
      {rule === null ? (
        <EmptyState icon={IconScale} title={t('rules.noRule')} />
      ) : data === null ? (
        failure === null ? (
          <Bones rows={10} height={rowHeight} head />
        ) : (
          <ErrorState failure={failure} onRetry={() => void rules.cases.reload()} />
        )
      ) : data.length === 0 ? (
        <EmptyState icon={IconScale} title={t('rules.noCases')}>
          {t('rules.noCasesText')}
        </EmptyState>
      ) : (
        <VirtualTable
          label={t('rules.cases')}
          columns={columns}
          rows={data}
          rowKey={keyOf}
          rowHeight={rowHeight}
        />
      )}
    </Panel>
  );
}

function useCaseColumns(): readonly Column<RuleCase>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        key: 'lead',
        label: t('duplicates.history.lead'),
        width: 'minmax(0, 1fr)',
        cell: (row) => <Name value={row.lead_id} />,
      },
      { key: 'at', label: t('rules.column.at'), width: '104px', cell: (row) => <Moment at={row.at} /> },
      {
        key: 'outcome',
        label: t('rules.column.outcome'),
        width: '168px',
        cell: (row) => <Outcome of={row} />,
      },
      { key: 'why', label: '', width: '32px', cell: (row) => <WhyButton lead={row.lead_id} /> },
    ],
    [t],
  );
}

function Outcome({ of }: { of: RuleCase }): ReactNode {
  const { t } = useTranslation();
  if (of.decided !== null) {
    const what = t(`duplicates.resolution.${of.decided.resolution}`);
    return (
      <StateWord
        tone={of.agrees === true ? 'ok' : 'warn'}
        icon={of.agrees === true ? IconCheck : IconX}
        title={t(of.agrees === true ? 'rules.alike' : 'rules.otherwise', { who: of.decided.by })}
      >
        {t('rules.person', { what })}
      </StateWord>
    );
  }
  if (of.acted) {
    return (
      <StateWord tone={of.undone ? 'warn' : 'plain'} icon={IconRobot}>
        {t(of.undone ? 'rules.wasUndone' : 'rules.didIt')}
      </StateWord>
    );
  }
  return (
    <StateWord tone="quiet" icon={IconClock}>
      {t('rules.nobody')}
    </StateWord>
  );
}
