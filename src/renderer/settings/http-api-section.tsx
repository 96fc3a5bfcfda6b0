import { Switch, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useResource, useServices } from '../services.ts';
import { StateWord } from '../ui/state-word.tsx';
import { ApiTokens } from './api-tokens.tsx';
import css from './http-api.module.css';
import sectionCss from './settings.module.css';
import { useConsoleSettings } from './use-console-settings.ts';

/** The HTTP API of this console: on or off, where, how often it may be called, and by whom. */
export function HttpApiSection(): ReactNode {
  const { t } = useTranslation();
  const { httpApi } = useServices();
  const { data } = useResource(httpApi.state);
  const { settings, change } = useConsoleSettings();
  useEffect(() => {
    void httpApi.state.reload();
    void httpApi.tokens.reload();
  }, [httpApi]);
  const fixed = data?.by === 'environment';
  return (
    <section id="settings-http" className={sectionCss.section} aria-labelledby="title-http">
      <h2 id="title-http">{t('httpApi.title')}</h2>
      <p className={sectionCss.sectionText}>{t('httpApi.text')}</p>
      <Row label={t('httpApi.on.label')} help={t(fixed ? 'httpApi.on.fixed' : 'httpApi.on.help')}>
        <Switch
          aria-label={t('httpApi.on.label')}
          checked={fixed || settings.httpOn}
          disabled={fixed}
          label={t(fixed || settings.httpOn ? 'settings.on' : 'settings.off')}
          onChange={(event) => void change({ httpOn: event.currentTarget.checked })}
        />
        <Standing />
      </Row>
      <Row label={t('httpApi.port.label')} help={t('httpApi.port.help')}>
        <WholeNumber
          label={t('httpApi.port.label')}
          value={fixed && data.address !== null ? Number(new URL(data.address).port) : settings.httpPort}
          least={1024}
          most={65_535}
          disabled={fixed}
          onSet={(httpPort) => void change({ httpPort })}
        />
      </Row>
      <Row label={t('httpApi.calls.label')} help={t('httpApi.calls.help')}>
        <WholeNumber
          label={t('httpApi.calls.label')}
          value={settings.httpCalls}
          least={1}
          most={100_000}
          onSet={(httpCalls) => void change({ httpCalls })}
        />
      </Row>
      <ApiTokens />
    </section>
  );
}

function Row(props: { label: string; help: string; children: ReactNode }): ReactNode {
  return (
    <div className={sectionCss.row}>
      <div>
        <div className={sectionCss.label}>{props.label}</div>
        <p className={sectionCss.help}>{props.help}</p>
      </div>
      <div className={sectionCss.control}>{props.children}</div>
    </div>
  );
}

/** Where it is, or why it is not; always a line high. */
function Standing(): ReactNode {
  const { t } = useTranslation();
  const { httpApi } = useServices();
  const { data } = useResource(httpApi.state);
  return (
    <div className={css.standing} role="status">
      {data?.state === 'on' && (
        <StateWord tone="ok" icon={IconCircleCheck}>
          <span className={css.address}>{data.address}</span>
        </StateWord>
      )}
      {data?.state === 'failed' && (
        <StateWord tone="bad" icon={IconAlertTriangle} title={data.message ?? ''}>
          {t('httpApi.failed')}
        </StateWord>
      )}
    </div>
  );
}

/** A whole number that is set when the field is left, or by Enter; what is none is put back. */
function WholeNumber(props: {
  label: string;
  value: number;
  least: number;
  most: number;
  disabled?: boolean;
  onSet: (value: number) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { value, least, most } = props;
  const [text, setText] = useState<string | null>(null);
  const number = text !== null && /^\d{1,6}$/.test(text.trim()) ? Number(text) : null;
  const isGood = text === null || (number !== null && number >= least && number <= most);
  const set = (): void => {
    if (isGood && number !== null && number !== value) props.onSet(number);
    if (isGood) setText(null);
  };
  return (
    <TextInput
      size="xs"
      inputMode="numeric"
      aria-label={props.label}
      disabled={props.disabled === true}
      value={text ?? String(value)}
      error={isGood ? null : t('httpApi.number', { least, most })}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={set}
      onKeyDown={(event) => {
        if (event.key === 'Enter') set();
        if (event.key === 'Escape') setText(null);
      }}
    />
  );
}
