import { Button, Select, SegmentedControl, Switch } from '@mantine/core';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConsoleSettings } from '../../shared/contract/system.ts';
import type { DisplayName, WallWindowState } from '../../shared/contract/wall-window.ts';
import { useServices } from '../services.ts';
import css from './settings.module.css';
import { useConsoleSettings } from './use-console-settings.ts';
import { useWallWindow } from './use-wall-window.ts';

/** The wall of this console: where it is, when it opens and how it moves. All of it takes effect at once. */
export function WallSection(): ReactNode {
  const { t } = useTranslation();
  const { settings, change } = useConsoleSettings();
  const { navigation } = useServices();
  return (
    <section id="settings-wall" className={css.section} aria-labelledby="title-wall">
      <h2 id="title-wall">{t('wallWindow.title')}</h2>
      <p className={css.sectionText}>{t('wallWindow.text')}</p>
      <OpenRow />
      <DisplayRow settings={settings} change={change} />
      <Row label={t('wallWindow.atStart.label')} help={t('wallWindow.atStart.help')}>
        <Switch
          aria-label={t('wallWindow.atStart.label')}
          checked={settings.wallAtStart}
          onChange={(event) => void change({ wallAtStart: event.currentTarget.checked })}
        />
      </Row>
      <Row label={t('wallWindow.sound.label')} help={t('wallWindow.sound.help')}>
        <Button size="xs" variant="default" fullWidth onClick={() => navigation.go('wall')}>
          {t('wallWindow.sound.open')}
        </Button>
      </Row>
      <Row label={t('wallWindow.motion.label')} help={t('wallWindow.motion.help')}>
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label={t('wallWindow.motion.label')}
          value={settings.wallCalm ? 'calm' : 'usual'}
          data={(['usual', 'calm'] as const).map((value) => ({
            value,
            label: t(`wallWindow.motion.${value}`),
          }))}
          onChange={(value) => void change({ wallCalm: value === 'calm' })}
        />
      </Row>
    </section>
  );
}

interface Part {
  settings: ConsoleSettings;
  change: (patch: Partial<ConsoleSettings>) => Promise<void>;
}

function Row(props: { label: string; help?: string; children: ReactNode }): ReactNode {
  return (
    <div className={css.row}>
      <div>
        <div className={css.label}>{props.label}</div>
        {props.help !== undefined && <p className={css.help}>{props.help}</p>}
      </div>
      <div className={css.control}>{props.children}</div>
    </div>
  );
}

function OpenRow(): ReactNode {
  const { t } = useTranslation();
  const { state, open, close } = useWallWindow();
  const isOpen = state?.open ?? false;
  return (
    <Row label={t('wallWindow.window')} help={t('wallWindow.windowHelp')}>
      <Button
        size="xs"
        variant="default"
        fullWidth
        disabled={state === null}
        onClick={() => void (isOpen ? close() : open())}
      >
        {isOpen ? t('wallWindow.close') : t('wallWindow.open')}
      </Button>
    </Row>
  );
}

const main = 'main';

function DisplayRow({ settings, change }: Part): ReactNode {
  const { t } = useTranslation();
  const { state } = useWallWindow();
  const displays: readonly DisplayName[] = state?.displays ?? [];
  const wanted = settings.wallDisplay;
  const chosen = wanted === null || state === null ? -1 : state.stand_in ? -2 : state.shown_on;
  const options = [
    { value: main, label: t('wallWindow.display.main') },
    ...displays.map((display, index) => ({ value: String(index), label: nameOf(display, index, t) })),
    ...(chosen === -2 && wanted !== null
      ? [{ value: 'gone', label: t('wallWindow.display.gone', { name: nameOf(wanted, 0, t) }) }]
      : []),
  ];
  const choose = (value: string | null): void => {
    if (value === null || value === 'gone') return;
    const display = value === main ? null : displays[Number(value)];
    if (display === undefined) return;
    void change({ wallDisplay: display && withoutRest(display) });
  };
  return (
    <Row label={t('wallWindow.display.label')} help={displayHelp(state, t)}>
      <Select
        size="xs"
        data={options}
        value={chosen === -2 ? 'gone' : chosen === -1 ? main : String(chosen)}
        onChange={choose}
        allowDeselect={false}
        aria-label={t('wallWindow.display.label')}
        disabled={state === null}
      />
    </Row>
  );
}

function nameOf(display: DisplayName, index: number, t: TFunction): string {
  const name = display.label || t('wallWindow.display.nameless', { number: index + 1 });
  return `${name} (${display.width} × ${display.height})`;
}

function withoutRest({ label, x, y, width, height }: DisplayName): DisplayName {
  return { label, x, y, width, height };
}

function displayHelp(state: WallWindowState | null, t: TFunction): string {
  if (state?.stand_in !== true) return t('wallWindow.display.help');
  const display = state.displays[state.shown_on];
  return t('wallWindow.display.standIn', { name: display ? nameOf(display, state.shown_on, t) : '' });
}
