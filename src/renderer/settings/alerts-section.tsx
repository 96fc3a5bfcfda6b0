import { Button, Select, Switch } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { alertKindNames, alwaysTold, type AlertKindName } from '../../shared/contract/alerts.ts';
import css from './settings.module.css';
import { useConsoleSettings } from './use-console-settings.ts';
import { useTestNotification } from './use-test-notification.ts';

/** What notifies on this console, and when it must not. All of it takes effect at once. */
export function AlertsSection(): ReactNode {
  const { t } = useTranslation();
  const { settings, change } = useConsoleSettings();
  const test = useTestNotification();
  return (
    <section id="settings-alerts" className={css.section} aria-labelledby="title-alerts">
      <h2 id="title-alerts">{t('alerts.title')}</h2>
      <p className={css.sectionText}>{t('alerts.text')}</p>
      <Row label={t('alerts.test.label')} help={t('alerts.test.help')}>
        <Button
          size="xs"
          variant="default"
          fullWidth
          leftSection={<IconBell size={14} aria-hidden />}
          onClick={() => void test()}
        >
          {t('alerts.test.send')}
        </Button>
      </Row>
      <SwitchRow
        name="paused"
        checked={settings.alertsPaused}
        onChange={(alertsPaused) => void change({ alertsPaused })}
      />
      <QuietRow />
      <SwitchRow
        name="closeToTray"
        checked={settings.closeToTray}
        onChange={(closeToTray) => void change({ closeToTray })}
      />
      <SwitchRow
        name="startAtLogin"
        checked={settings.startAtLogin}
        onChange={(startAtLogin) => void change({ startAtLogin })}
      />
      <h3 className={css.subheading}>{t('alerts.kinds')}</h3>
      {alertKindNames.map((kind) => (
        <KindRow key={kind} kind={kind} />
      ))}
    </section>
  );
}

function Row(props: { label: string; help?: string; children: ReactNode }): ReactNode {
  return (
    <div className={css.row}>
      <div>
        <div className={css.label}>{props.label}</div>
        {props.help === undefined ? null : <p className={css.help}>{props.help}</p>}
      </div>
      <div className={css.control}>{props.children}</div>
    </div>
  );
}

function SwitchRow(props: {
  name: 'paused' | 'closeToTray' | 'startAtLogin';
  checked: boolean;
  onChange: (on: boolean) => void;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <Row label={t(`alerts.${props.name}.label`)} help={t(`alerts.${props.name}.help`)}>
      <Switch
        aria-label={t(`alerts.${props.name}.label`)}
        checked={props.checked}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
    </Row>
  );
}

function KindRow({ kind }: { kind: AlertKindName }): ReactNode {
  const { t } = useTranslation();
  const { settings, change } = useConsoleSettings();
  const label = t(`alerts.kind.${kind}`);
  if (alwaysTold.includes(kind))
    return (
      <Row label={label}>
        <span className={css.help}>{t('alerts.always')}</span>
      </Row>
    );
  const rest = settings.alertsOff.filter((name) => name !== kind);
  return (
    <Row label={label}>
      <Switch
        aria-label={label}
        checked={!settings.alertsOff.includes(kind)}
        onChange={(event) => void change({ alertsOff: event.currentTarget.checked ? rest : [...rest, kind] })}
      />
    </Row>
  );
}

const usualQuiet = { from: '18:00', to: '08:00' };
const halfHours = Array.from({ length: 48 }, (_, half) => {
  const hour = String(Math.floor(half / 2)).padStart(2, '0');
  return `${hour}:${half % 2 === 0 ? '00' : '30'}`;
});

function QuietRow(): ReactNode {
  const { t } = useTranslation();
  const { settings, change } = useConsoleSettings();
  const quiet = settings.alertsQuiet;
  const end = (side: 'from' | 'to'): ReactNode => {
    const value = (quiet ?? usualQuiet)[side];
    return (
      <Select
        size="xs"
        aria-label={t(`alerts.quiet.${side}`)}
        // A time between, set by hand in the file, stays to be seen and chosen.
        data={[...new Set([...halfHours, value])].sort()}
        value={value}
        allowDeselect={false}
        disabled={quiet === null}
        onChange={(time) => {
          if (quiet !== null && time !== null) void change({ alertsQuiet: { ...quiet, [side]: time } });
        }}
      />
    );
  };
  return (
    <Row label={t('alerts.quiet.label')} help={t('alerts.quiet.help')}>
      <div className={css.quiet}>
        <Switch
          aria-label={t('alerts.quiet.label')}
          checked={quiet !== null}
          onChange={(event) => void change({ alertsQuiet: event.currentTarget.checked ? usualQuiet : null })}
        />
        {end('from')}
        <span aria-hidden>–</span>
        {end('to')}
      </div>
    </Row>
  );
}
