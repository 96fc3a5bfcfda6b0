import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconClock } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { systemMode, type ModeView as View, type SystemMode } from '../../shared/contract/mode.ts';
import { useResource, useServices } from '../services.ts';
import { usePoll } from '../use-poll.ts';
import { Bones } from '../ui/bones.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Age } from '../ui/figures.tsx';
import { Panel } from '../ui/panel.tsx';
import { StateWord } from '../ui/state-word.tsx';
import { countBehind, whyNotSwitch } from './mode-words.ts';
import { ProcessList } from './process-list.tsx';
import { SwitchDialog } from './switch-dialog.tsx';
import css from './system.module.css';

/** Processes say every few seconds that they live. */
const everyMs = 5_000;

/** The office's mode with its other choice, and which process goes by which. */
export function ModeView({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const { mode } = useServices();
  const { data, failure } = useResource(mode);
  usePoll(mode, everyMs);
  return (
    <div className={css.mode}>
      <Panel title={t('mode.title')}>
        {data !== null ? (
          <Modes view={data} />
        ) : (
          <div style={{ height: 190 }}>
            {failure === null ? (
              <Bones rows={4} height={40} />
            ) : (
              <ErrorState failure={failure} onRetry={() => void mode.reload()} />
            )}
          </div>
        )}
      </Panel>
      <Panel title={t('mode.processes')} side={data === null ? null : <Agreement view={data} />}>
        <ProcessList id={id} />
      </Panel>
    </div>
  );
}

function Modes({ view }: { view: View }): ReactNode {
  const { t } = useTranslation();
  const services = useServices();
  const connected = useStore(services.connection, (state) => state.connected);
  const why = whyNotSwitch(useResource(services.mode), useResource(services.system).data, connected);
  const [asking, setAsking] = useState<SystemMode | null>(null);
  return (
    <>
      <div className={css.modes}>
        {systemMode.options.map((one) => (
          <section key={one} className={css.choice} data-chosen={one === view.mode}>
            <h3>
              {t(`mode.name.${one}`)}
              {one === view.mode ? (
                <StateWord
                  tone={view.believed ? 'warn' : 'ok'}
                  icon={view.believed ? IconAlertTriangle : IconCircleCheck}
                >
                  {t(view.believed ? 'mode.believed' : 'mode.now')}
                </StateWord>
              ) : null}
            </h3>
            <p>{t(`mode.effect.${one}`)}</p>
            {one === view.mode ? null : (
              <div className={css.choiceFoot}>
                <Button
                  size="xs"
                  variant="default"
                  disabled={why !== null}
                  title={why === null ? undefined : t(`mode.why.${why}`)}
                  onClick={() => setAsking(one)}
                >
                  {t('mode.switch', { mode: t(`mode.name.${one}`) })}
                </Button>
              </div>
            )}
          </section>
        ))}
      </div>
      <div className={css.note} role="status">
        {why === null ? (
          <StateWord tone="quiet" icon={IconClock}>
            {t('mode.read')} {view.cachedAt === null ? t('mode.never') : <Age at={view.cachedAt} />}
          </StateWord>
        ) : (
          <StateWord tone="warn" icon={IconAlertTriangle}>
            {t(`mode.why.${why}`)}
          </StateWord>
        )}
      </div>
      <SwitchDialog to={asking} onClose={() => setAsking(null)} />
    </>
  );
}

/** Whether every process goes by the office's mode. */
function Agreement({ view }: { view: View }): ReactNode {
  const { t } = useTranslation();
  const behind = countBehind(view);
  if (view.processes.length === 0) return null;
  return behind === 0 ? (
    <StateWord tone="ok" icon={IconCircleCheck}>
      {t('mode.agreed')}
    </StateWord>
  ) : (
    <StateWord tone="warn" icon={IconAlertTriangle}>
      {t('mode.behind', { count: behind })}
    </StateWord>
  );
}
