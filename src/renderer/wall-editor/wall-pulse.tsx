import {
  IconActivityHeartbeat,
  IconAlertTriangle,
  IconLoader,
  IconScreenShareOff,
} from '@tabler/icons-react';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { WallWindowState } from '../../shared/contract/wall-window.ts';
import { useResource, useServices } from '../services.ts';
import { useFormat } from '../ui/use-format.ts';
import css from './wall-editor.module.css';

/** How often the page of the wall is asked after while this is looked at, in ms. */
const askMs = 2_000;
const icons = {
  closed: IconScreenShareOff,
  starting: IconLoader,
  alive: IconActivityHeartbeat,
  silent: IconAlertTriangle,
} as const;

/** Whether the wall lives: when its page was last heard of, what it holds, and how often it had to be helped. */
export function WallPulseLine(): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { wallWindow } = useServices();
  const { data } = useResource(wallWindow);
  useEffect(() => {
    const timer = setInterval(() => void wallWindow.reload(), askMs);
    return () => clearInterval(timer);
  }, [wallWindow]);
  if (data === null) return <p className={css.pulse}>{'\u00a0'}</p>;
  const { state, silent_ms, memory_mb, recovered, renewed } = data.pulse;
  const Icon = icons[state];
  const age = silent_ms === null ? '' : t('figures.ago', { span: format.span(silent_ms) });
  const name = nameOf(data, t('wallEditor.pulse.main'));
  const parts = [
    ...(memory_mb === null ? [] : [t('wallEditor.pulse.memory', { size: format.number(memory_mb) })]),
    ...(recovered > 0 ? [t('wallEditor.pulse.recovered', { count: recovered })] : []),
    ...(renewed > 0 ? [t('wallEditor.pulse.renewed', { count: renewed })] : []),
  ];
  return (
    <p className={css.pulse} data-state={state}>
      <Icon size={16} aria-hidden />
      <strong>{t(`wallEditor.pulse.${state}`, { name, age })}</strong>
      {parts.map((part) => (
        <span key={part}>{part}</span>
      ))}
    </p>
  );
}

function nameOf(state: WallWindowState, main: string): string {
  return state.displays[state.shown_on]?.label || main;
}
