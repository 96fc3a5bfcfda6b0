import { Button } from '@mantine/core';
import { IconArchive, IconArchiveOff, IconPlayerStop } from '@tabler/icons-react';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ArchiveView } from '../../shared/contract/archive.ts';
import { useResource, useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { useFormat } from '../ui/use-format.ts';
import css from './backups.module.css';
import sectionCss from './settings.module.css';
import { useArchiveActions } from './use-archive-actions.ts';

/** What is archived and what is old enough, to be moved there now or back. */
export function ArchiveSection(): ReactNode {
  const { t } = useTranslation();
  const { archive, office } = useServices();
  const { data, failure } = useResource(archive.view);
  // Whether it is on, and what is old enough, are settings of the office.
  const version = useResource(office).data?.version;
  useEffect(() => void archive.view.reload(), [archive, version]);
  return (
    <section id="settings-archive" className={sectionCss.section} aria-labelledby="title-archive">
      <h2 id="title-archive">{t('archive.title')}</h2>
      <p className={sectionCss.sectionText}>{t('archive.text')}</p>
      {data !== null ? (
        <>
          <Facts view={data} />
          <Move view={data} />
        </>
      ) : (
        <div className={css.waitingShort}>
          {failure === null ? (
            <Bones rows={3} height={36} />
          ) : (
            <ErrorState failure={failure} onRetry={() => void archive.view.reload()} />
          )}
        </div>
      )}
    </section>
  );
}

function Facts({ view }: { view: ArchiveView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const before = format.isoDay(view.before);
  return (
    <dl className={sectionCss.about}>
      <dt>{t('archive.held')}</dt>
      <dd>
        {view.oldest === null || view.newest === null
          ? t('archive.heldNone')
          : t('archive.heldOf', {
              count: view.deals,
              number: format.number(view.deals),
              from: format.isoDay(view.oldest),
              to: format.isoDay(view.newest),
            })}
      </dd>
      <span />
      <dt>{t('archive.due')}</dt>
      <dd>
        {view.due === 0
          ? t('archive.dueNone', { before })
          : t('archive.dueOf', { count: view.due, number: format.number(view.due), before })}
      </dd>
      <span />
      <dt>{t('archive.next')}</dt>
      <dd>{view.on ? t('archive.nextOn') : t('archive.nextOff')}</dd>
      <span />
    </dl>
  );
}

/** The buttons, or how far a move is: both in the same place, so that nothing moves. */
function Move({ view }: { view: ArchiveView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { archive } = useServices();
  const { start, cancel } = useArchiveActions();
  const moving = useStore(archive.underWay, (state) => state.moving);
  if (moving !== null) {
    return (
      <div className={css.now}>
        <div className={css.progress} role="status" aria-label={t('archive.progress')}>
          <div className={css.words}>
            {t(`archive.moving.${moving.kind}`, { count: moving.moved, number: format.number(moving.moved) })}
          </div>
        </div>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlayerStop size={15} aria-hidden />}
          onClick={() => void cancel()}
        >
          {t('actions.stop')}
        </Button>
      </div>
    );
  }
  return (
    <div className={css.now}>
      <Button
        size="xs"
        leftSection={<IconArchive size={15} aria-hidden />}
        disabled={view.due === 0}
        onClick={() => void start('archiving')}
      >
        {t('archive.start.archiving')}
      </Button>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconArchiveOff size={15} aria-hidden />}
        disabled={view.on || view.deals === 0}
        onClick={() => void start('moving-back')}
      >
        {t('archive.start.moving-back')}
      </Button>
      {view.on && view.deals > 0 ? <span className={css.dim}>{t('archive.offFirst')}</span> : null}
    </div>
  );
}
