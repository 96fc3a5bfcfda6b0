import type { ComponentType, ReactNode } from 'react';
import css from './parts.module.css';

export type Tone = 'ok' | 'warn' | 'bad' | 'quiet' | 'plain';

/** A state as icon and word together; colour never says it alone. */
export function StateWord(props: {
  tone: Tone;
  icon: ComponentType<{ size?: number; stroke?: number; 'aria-hidden'?: boolean }>;
  title?: string;
  children: ReactNode;
}): ReactNode {
  const Icon = props.icon;
  return (
    <span className={`${css.word} ${props.tone === 'plain' ? '' : css[props.tone]}`} title={props.title}>
      <Icon size={15} stroke={2} aria-hidden />
      <span className={css.name}>{props.children}</span>
    </span>
  );
}
