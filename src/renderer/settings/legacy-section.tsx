import { notifications } from '@mantine/notifications';
import { Button } from '@mantine/core';
import { IconFileImport, IconFolder, IconPlayerStop, IconTestPipe } from '@tabler/icons-react';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { LegacyView } from '../../shared/contract/legacy.ts';
import { failureOf, whatNext } from '../failure.ts';
import { useResource, useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { useFormat } from '../ui/use-format.ts';
import css from './backups.module.css';
import { LegacyResult } from './legacy-result.tsx';
import type { LegacyUnderWay } from './legacy-store.ts';
import sectionCss from './settings.module.css';

/** The old server's files: which folder, rehearsed first, then imported, with where their copies go. */
export function LegacySection(): ReactNode {
  const { t } = useTranslation();
  const { legacy } = useServices();
  const { data, failure } = useResource(legacy.view);
  useEffect(() => void legacy.view.reload(), [legacy]);
  return (
    <section id="settings-legacy" className={sectionCss.section} aria-labelledby="title-legacy">
      <h2 id="title-legacy">{t('legacy.title')}</h2>
      <p className={sectionCss.sectionText}>{t('legacy.text')}</p>
      {data !== null ? (
        <>
          <Folders view={data} />
          <Begin view={data} />
          <Result />
        </>
      ) : (
        <div className={css.waitingShort}>
          {failure === null ? (
            <Bones rows={3} height={36} />
          ) : (
            <ErrorState failure={failure} onRetry={() => void legacy.view.reload()} />
          )}
        </div>
      )}
    </section>
  );
}

/** Calls of the import; a refusal is told, and what it changed is shown. */
function useLegacyCalls() {
  const { api, legacy } = useServices();
  const { t, i18n } = useTranslation();
  type Client = Awaited<ReturnType<typeof api.client>>['legacy'];
  return async (call: (client: Client) => Promise<unknown>): Promise<void> => {
    try {
      await call((await api.client()).legacy);
      await legacy.view.reload();
    } catch (error) {
      const failure = failureOf(error);
      const words = {
        title: t(`errors.${failure.code}.title`),
        message: whatNext(failure, t, i18n.language),
      };
      notifications.show({ id: 'legacy', color: 'red', ...words });
    }
  };
}

function Folders({ view }: { view: LegacyView }): ReactNode {
  const { t } = useTranslation();
  const { legacy } = useServices();
  const call = useLegacyCalls();
  const busy = useStore(legacy.underWay, (state) => state.running !== null);
  const row = (what: 'folder' | 'copies', value: string | null): ReactNode => (
    <>
      <dt>{t(`legacy.${what}`)}</dt>
      <dd title={value ?? ''}>{value ?? t('legacy.noFolder')}</dd>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconFolder size={14} aria-hidden />}
        aria-label={t('legacy.chooseWhat', { what: t(`legacy.${what}`) })}
        disabled={busy}
        onClick={() => void call((client) => client.choose({ what }))}
      >
        {t('legacy.choose')}
      </Button>
    </>
  );
  return (
    <dl className={sectionCss.about}>
      {row('folder', view.folder)}
      {row('copies', view.copies)}
    </dl>
  );
}

/** The buttons, or how far it is: both in the same place, so that nothing moves. */
function Begin({ view }: { view: LegacyView }): ReactNode {
  const { t } = useTranslation();
  const { legacy } = useServices();
  const call = useLegacyCalls();
  const { running, ended } = useStore(legacy.underWay);
  if (running !== null) return <Progress running={running} onCancel={() => void call((c) => c.cancel())} />;
  const rehearsed = ended?.counts ?? null;
  const inserts = rehearsed !== null && rehearsed.deals.inserted + rehearsed.sms.inserted > 0;
  return (
    <div className={css.now}>
      <Button
        size="xs"
        variant={inserts && ended?.dry_run === true ? 'default' : 'filled'}
        leftSection={<IconTestPipe size={15} aria-hidden />}
        disabled={view.folder === null}
        onClick={() => void call((client) => client.start({ dry_run: true }))}
      >
        {t('legacy.rehearse')}
      </Button>
      <Button
        size="xs"
        leftSection={<IconFileImport size={15} aria-hidden />}
        disabled={view.folder === null || ended?.dry_run !== true || !inserts}
        onClick={() => void call((client) => client.start({ dry_run: false }))}
      >
        {t('legacy.import')}
      </Button>
      {ended === null ? <span className={css.dim}>{t('legacy.firstRehearse')}</span> : null}
    </div>
  );
}

function Progress(props: {
  running: NonNullable<LegacyUnderWay['running']>;
  onCancel: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { stage, bytes, total, records } = props.running;
  const share = stage === 'reading' ? (total === 0 ? 0 : bytes / total) : 1;
  const words = t(`legacy.stage.${stage}`, { share: format.percent(Math.round(share * 100) / 100) });
  const count = t('legacy.records', { count: records, number: format.number(records) });
  return (
    <div className={css.now}>
      <div
        className={css.progress}
        role="progressbar"
        aria-label={t('legacy.progress')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
        aria-valuetext={words}
      >
        <div className={css.words}>{records > 0 ? `${words} · ${count}` : words}</div>
        <div className={css.bar}>
          <div className={css.fill} style={{ width: `${share * 100}%` }} />
        </div>
      </div>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlayerStop size={15} aria-hidden />}
        onClick={props.onCancel}
      >
        {t('legacy.cancel')}
      </Button>
    </div>
  );
}

function Result(): ReactNode {
  const { legacy } = useServices();
  const ended = useStore(legacy.underWay, (state) => state.ended);
  return ended === null ? null : <LegacyResult ended={ended} />;
}
