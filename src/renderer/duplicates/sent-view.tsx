import { ActionIcon, Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconCheck,
  IconClockUp,
  IconFileAlert,
  IconSend,
  IconX,
} from '@tabler/icons-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { KeptDecision } from '../../shared/contract/outbox.ts';
import { failureOf } from '../failure.ts';
import { useResource, useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Moment, Name } from '../ui/figures.tsx';
import { Panel } from '../ui/panel.tsx';
import { StateWord } from '../ui/state-word.tsx';
import { useFormat } from '../ui/use-format.ts';
import { VirtualTable, type Column } from '../ui/virtual-table.tsx';
import { AgentChange } from './agent-change.tsx';
import css from './duplicates.module.css';
import { outcomeInWords } from './sent-words.ts';

const rowHeight = 38;
const keyOf = (row: KeptDecision): string => row.decision_id;

const icons = {
  waiting: IconClockUp,
  applied: IconCheck,
  returned: IconArrowBackUp,
  rejected: IconAlertTriangle,
  damaged: IconFileAlert,
} as const;
const tones = { waiting: 'plain', applied: 'ok', returned: 'warn', rejected: 'bad', damaged: 'bad' } as const;

/** Decisions made while the database was away: what waits to be sent, what was done, and what came back. */
export function SentView({ id, title }: { id: string; title: ReactNode }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className={css.screen}>
      <div className={css.head}>{title}</div>
      <div className={css.sentBody}>
        <Panel title={t('duplicates.sent.title')}>
          <Rows id={id} />
        </Panel>
      </div>
    </div>
  );
}

function Rows({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const { outbox } = useServices();
  const { data, failure } = useResource(outbox);
  const columns = useSentColumns();
  if (data === null && failure !== null)
    return <ErrorState failure={failure} onRetry={() => void outbox.reload()} />;
  if (data === null) return <Bones rows={12} height={rowHeight} head />;
  if (data.length === 0)
    return (
      <EmptyState icon={IconSend} title={t('duplicates.sent.empty')}>
        {t('duplicates.sent.emptyText')}
      </EmptyState>
    );
  return (
    <VirtualTable
      id={id}
      label={t('duplicates.sent.title')}
      columns={columns}
      rows={data}
      rowKey={keyOf}
      rowHeight={rowHeight}
    />
  );
}

function useSentColumns(): readonly Column<KeptDecision>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return useMemo(
    () => [
      {
        key: 'state',
        label: t('duplicates.sent.state'),
        width: '132px',
        cell: (row) => (
          <StateWord tone={tones[row.state]} icon={icons[row.state]}>
            {t(`duplicates.sent.states.${row.state}`)}
          </StateWord>
        ),
      },
      {
        key: 'lead',
        label: t('duplicates.history.lead'),
        width: '92px',
        cell: (row) => <Name value={row.seen?.lead_id ?? '–'} />,
      },
      {
        key: 'agent',
        label: t('duplicates.field.agent'),
        width: 'minmax(0, 1fr)',
        cell: (row) => (row.seen === null ? '–' : <AgentChange of={row.seen} />),
      },
      {
        key: 'decision',
        label: t('duplicates.history.decision'),
        width: '96px',
        cell: (row) => (row.action === null ? '–' : t(`duplicates.action.${row.action}`)),
      },
      {
        key: 'made',
        label: t('duplicates.sent.made'),
        width: '112px',
        cell: (row) => <Moment at={row.made_at} />,
      },
      {
        key: 'outcome',
        label: t('duplicates.sent.became'),
        width: 'minmax(0, 2.2fr)',
        cell: (row) => <Outcome of={row} words={outcomeInWords(row, t, format)} />,
      },
      { key: 'do', label: '', width: '184px', cell: (row) => <Actions of={row} /> },
    ],
    [t, format],
  );
}

function Outcome({ of, words }: { of: KeptDecision; words: string }): ReactNode {
  const failure = of.outcome?.kind === 'failed' ? of.outcome.message : null;
  return <span title={failure === null ? words : `${words} ${failure}`}>{words}</span>;
}

/** The way to the case where it still waits, and off the list. */
function Actions({ of }: { of: KeptDecision }): ReactNode {
  const { t } = useTranslation();
  const { api, navigation, outbox, queue } = useServices();
  if (of.state === 'waiting') return null;
  const caseId = of.duplicate_id;
  const waits =
    of.outcome?.kind === 'changed' ||
    of.outcome?.kind === 'refused' ||
    of.outcome?.kind === 'failed' ||
    (of.outcome?.kind === 'restored' && of.outcome.version !== null);
  const show = () => {
    navigation.openDuplicates('queue');
    if (caseId !== null) queue.choose(caseId);
  };
  const dismiss = async () => {
    await (await api.client()).outbox.dismiss({ decision_id: of.decision_id }).catch(() => {});
    await outbox.reload();
  };
  const sendAgain = async () => {
    try {
      await (await api.client()).outbox.sendAgain({ decision_id: of.decision_id });
    } catch (error) {
      const { code, message } = failureOf(error);
      notifications.show({ title: t(`errors.${code}.title`), message, color: 'red' });
    }
    await outbox.reload();
  };
  return (
    <span className={css.sentActions}>
      {of.again ? (
        <Button size="compact-xs" onClick={() => void sendAgain()}>
          {t('duplicates.sent.again')}
        </Button>
      ) : null}
      {waits && caseId !== null ? (
        <Button size="compact-xs" variant="default" onClick={show}>
          {t('duplicates.show')}
        </Button>
      ) : null}
      <ActionIcon
        size="sm"
        variant="subtle"
        color="gray"
        aria-label={t('actions.dismiss')}
        title={t('actions.dismiss')}
        onClick={() => void dismiss()}
      >
        <IconX size={14} aria-hidden />
      </ActionIcon>
    </span>
  );
}
