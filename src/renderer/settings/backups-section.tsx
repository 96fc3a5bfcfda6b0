import { Button } from '@mantine/core';
import { IconDatabaseExport, IconFolder, IconPlayerStop } from '@tabler/icons-react';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { BackupsView } from '../../shared/contract/backups.ts';
import { useFromClock } from '../office-clock.ts';
import { useResource, useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { useFormat } from '../ui/use-format.ts';
import { BackupList } from './backup-list.tsx';
import css from './backups.module.css';
import sectionCss from './settings.module.css';
import { useBackupActions } from './use-backup-actions.ts';

/** The backups of this database here, when the next is made, and one now. */
export function BackupsSection(): ReactNode {
  const { t } = useTranslation();
  const { backups } = useServices();
  const { data, failure } = useResource(backups.list);
  useEffect(() => void backups.list.reload(), [backups]);
  return (
    <section id="settings-backups" className={sectionCss.section} aria-labelledby="title-backups">
      <h2 id="title-backups">{t('backups.title')}</h2>
      <p className={sectionCss.sectionText}>{t('backups.text')}</p>
      {data !== null ? (
        <>
          <Facts view={data} />
          <Now />
          <BackupList backups={data.backups} />
        </>
      ) : (
        <div className={css.waiting}>
          {failure === null ? (
            <Bones rows={5} height={36} />
          ) : (
            <ErrorState failure={failure} onRetry={() => void backups.list.reload()} />
          )}
        </div>
      )}
    </section>
  );
}

function Facts({ view }: { view: BackupsView }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { clock } = useServices();
  const { openFolder } = useBackupActions();
  const due = Date.parse(view.next_daily);
  const next = useFromClock(clock, (now) =>
    due <= now ? t('backups.nextSoon') : format.stamp(view.next_daily),
  );
  const latest = view.latest_daily;
  const latestWords =
    latest === null
      ? t('backups.latestNone')
      : t('backups.latestOf', {
          when: format.stamp(latest.at),
          size: format.megabytes(latest.bytes),
          host: latest.by.slice(latest.by.lastIndexOf('@') + 1),
        });
  return (
    <dl className={sectionCss.about}>
      <dt>{t('backups.latest')}</dt>
      <dd title={latest?.path ?? latestWords}>{latestWords}</dd>
      <span />
      <dt>{t('backups.next')}</dt>
      <dd>{next}</dd>
      <span />
      <dt>{t('backups.folder')}</dt>
      <dd title={view.folder}>{view.folder}</dd>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconFolder size={14} aria-hidden />}
        disabled={view.backups.length === 0}
        onClick={() => void openFolder()}
      >
        {t('backups.openFolder')}
      </Button>
    </dl>
  );
}

/** One now, or how far it is: both in the same place, so that nothing moves. */
function Now(): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { backups } = useServices();
  const { start, cancel } = useBackupActions();
  const running = useStore(backups.underWay, (state) => state.running);
  if (running === null) {
    return (
      <div className={css.now}>
        <Button
          size="xs"
          leftSection={<IconDatabaseExport size={15} aria-hidden />}
          onClick={() => void start()}
        >
          {t('backups.now')}
        </Button>
      </div>
    );
  }
  const stage = t(`backups.stage.${running.stage}`, {
    share: format.percent(Math.round(running.share * 100) / 100),
  });
  const rows = t('backups.rows', { count: running.rows, number: format.number(running.rows) });
  const words = running.rows > 0 ? `${stage} · ${rows}` : stage;
  return (
    <div className={css.now}>
      <div
        className={css.progress}
        role="progressbar"
        aria-label={t('backups.progress')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(running.share * 100)}
        aria-valuetext={stage}
      >
        <div className={css.words}>{words}</div>
        <div className={css.bar}>
          <div className={css.fill} style={{ width: `${running.share * 100}%` }} />
        </div>
      </div>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlayerStop size={15} aria-hidden />}
        onClick={() => void cancel()}
      >
        {t('backups.cancel')}
      </Button>
    </div>
  );
}
