import type { ComponentType, ReactNode } from 'react';
import css from './parts.module.css';

/** Nothing here, why, and when it last looked. */
export function EmptyState(props: {
  icon: ComponentType<{ size?: number; stroke?: number; 'aria-hidden'?: boolean }>;
  title: string;
  children?: ReactNode;
}): ReactNode {
  const Icon = props.icon;
  return (
    <div className={css.state}>
      <Icon size={28} stroke={1.5} aria-hidden />
      <p className={css.stateTitle}>{props.title}</p>
      {props.children === undefined ? null : <p className={css.stateText}>{props.children}</p>}
    </div>
  );
}
