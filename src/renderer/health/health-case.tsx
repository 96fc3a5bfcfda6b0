import { IconHandClick } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { HealthEventView, IncidentView } from '../../shared/contract/health.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Age, Moment } from '../ui/figures.tsx';
import { Panel } from '../ui/panel.tsx';
import parts from '../ui/parts.module.css';
import { useFormat } from '../ui/use-format.ts';
import { IncidentState, TypeWord } from './health-columns.tsx';
import { useHealthWords } from './health-words.ts';
import css from './health.module.css';

/** What is known of one event, or that none is chosen. */
export function EventCase({ event }: { event: HealthEventView | null }): ReactNode {
  const { t } = useTranslation();
  const words = useHealthWords();
  if (event === null) return <NothingChosen />;
  const facts = Object.entries(event.metadata);
  const said = words.sentence(event);
  return (
    <Panel title={t('health.details')}>
      <div className={parts.case}>
        <TypeWord type={event.event_type} />
        <p className={parts.caseTitle}>
          <bdi {...(said === null ? { lang: 'en' } : {})}>{said ?? event.message}</bdi>
        </p>
        {said === null ? null : <OwnWords message={event.message} />}
        <dl className={parts.facts}>
          <dt>{t('health.when')}</dt>
          <dd>
            <Moment at={event.created_at} /> (<Age at={event.created_at} />)
          </dd>
          <dt>{t('health.notification')}</dt>
          <dd>{event.alert === null ? t('health.alert.none') : words.outcome(event.alert)}</dd>
          {facts.map(([name, value]) => (
            <Fact key={name} name={name} value={value} />
          ))}
        </dl>
        {event.id === null ? <p className={css.quiet}>{t('health.kept')}</p> : null}
      </div>
    </Panel>
  );
}

/** Main's own sentence, which is English and may say more. */
function OwnWords({ message }: { message: string }): ReactNode {
  const { t } = useTranslation();
  return (
    <p className={parts.details}>
      {t('health.ownWords')}: <bdi lang="en">{message}</bdi>
    </p>
  );
}

function Fact({ name, value }: { name: string; value: unknown }): ReactNode {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <bdi>{text}</bdi>
      </dd>
    </>
  );
}

/** What is known of one incident. */
export function IncidentCase({ incident }: { incident: IncidentView | null }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useHealthWords();
  if (incident === null) return <NothingChosen />;
  return (
    <Panel title={t('health.details')}>
      <div className={parts.case}>
        <IncidentState of={incident} />
        <p className={parts.caseTitle}>{words.kind(incident.kind)}</p>
        <OwnWords message={incident.message} />
        <dl className={parts.facts}>
          <dt>{t('health.began')}</dt>
          <dd>
            <Moment at={incident.first_at} />
          </dd>
          <dt>{t('health.lastHeard')}</dt>
          <dd>
            <Moment at={incident.last_at} />
          </dd>
          <dt>{t('health.solved')}</dt>
          <dd>{incident.solved_at === null ? t('health.notYet') : <Moment at={incident.solved_at} />}</dd>
          <dt>{t('health.eventCount')}</dt>
          <dd>{format.number(incident.events)}</dd>
        </dl>
      </div>
    </Panel>
  );
}

function NothingChosen(): ReactNode {
  const { t } = useTranslation();
  return (
    <Panel title={t('health.details')}>
      <EmptyState icon={IconHandClick} title={t('health.nothingChosen')}>
        {t('health.choose')}
      </EmptyState>
    </Panel>
  );
}
