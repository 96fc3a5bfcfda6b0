import { IconBell, IconBellOff, IconCircleCheck, IconProgressAlert } from '@tabler/icons-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { HealthEventType, HealthEventView, IncidentView } from '../../shared/contract/health.ts';
import { useResource, useServices } from '../services.ts';
import { Age, Moment, Name } from '../ui/figures.tsx';
import { StateWord } from '../ui/state-word.tsx';
import { useFormat } from '../ui/use-format.ts';
import type { Column } from '../ui/virtual-table.tsx';
import { typeLook, useHealthWords } from './health-words.ts';

/** A type as icon and word. */
export function TypeWord({ type }: { type: HealthEventType }): ReactNode {
  const { t } = useTranslation();
  const { tone, icon } = typeLook[type];
  return (
    <StateWord tone={tone} icon={icon}>
      {t(`health.type.${type}`)}
    </StateWord>
  );
}

function useToday(): { today?: string } {
  const day = useResource(useServices().today).data?.day;
  return day === undefined ? {} : { today: day };
}

/** When, how bad, what, and whether it was told here. */
export function useEventColumns(): readonly Column<HealthEventView>[] {
  const { t } = useTranslation();
  const words = useHealthWords();
  const today = useToday().today;
  return useMemo(
    () => [
      {
        key: 'when',
        label: t('health.when'),
        width: '104px',
        cell: (event) => <Moment at={event.created_at} {...(today === undefined ? {} : { today })} />,
      },
      {
        key: 'type',
        label: t('health.typeLabel'),
        width: '112px',
        cell: (event) => <TypeWord type={event.event_type} />,
      },
      {
        key: 'what',
        label: t('health.what'),
        width: 'minmax(0, 1fr)',
        cell: (event) => <Name value={words.sentence(event) ?? event.message} />,
      },
      {
        key: 'told',
        label: t('health.told'),
        width: '44px',
        cell: (event) => <Told event={event} words={words.outcome} />,
      },
    ],
    [t, words, today],
  );
}

function Told(props: {
  event: HealthEventView;
  words: ReturnType<typeof useHealthWords>['outcome'];
}): ReactNode {
  const { alert } = props.event;
  if (alert === null) return null;
  const said = alert.result === 'shown' || alert.result === 'summarised';
  const Icon = said ? IconBell : IconBellOff;
  const text = props.words(alert);
  return (
    <span title={text} role="img" aria-label={text}>
      <Icon size={15} stroke={1.75} aria-hidden />
    </span>
  );
}

/** Whether it lasts, what, since when, and how often it was told. */
export function useIncidentColumns(): readonly Column<IncidentView>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useHealthWords();
  const today = useToday().today;
  return useMemo(() => {
    const day = today === undefined ? {} : { today };
    return [
      {
        key: 'state',
        label: t('health.state'),
        width: '104px',
        cell: (one) => <IncidentState of={one} />,
      },
      {
        key: 'type',
        label: t('health.typeLabel'),
        width: '112px',
        cell: (one) => <TypeWord type={one.event_type} />,
      },
      {
        key: 'what',
        label: t('health.what'),
        width: 'minmax(0, 1fr)',
        cell: (one) => <Name value={words.kind(one.kind)} />,
      },
      {
        key: 'first',
        label: t('health.began'),
        width: '104px',
        cell: (one) => <Moment at={one.first_at} {...day} />,
      },
      {
        key: 'took',
        label: t('health.lasted'),
        width: '92px',
        cell: (one) =>
          one.solved_at === null ? (
            <Age at={one.first_at} short />
          ) : (
            format.span(Date.parse(one.solved_at) - Date.parse(one.first_at))
          ),
      },
      {
        key: 'events',
        label: t('health.eventCount'),
        width: '76px',
        align: 'end',
        cell: (one) => format.number(one.events),
      },
    ];
  }, [t, format, words, today]);
}

/** Lasts, or is solved. */
export function IncidentState({ of }: { of: IncidentView }): ReactNode {
  const { t } = useTranslation();
  return of.solved_at === null ? (
    <StateWord tone="warn" icon={IconProgressAlert}>
      {t('health.open')}
    </StateWord>
  ) : (
    <StateWord tone="ok" icon={IconCircleCheck}>
      {t('health.solved')}
    </StateWord>
  );
}
