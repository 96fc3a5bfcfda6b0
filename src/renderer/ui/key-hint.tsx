import type { ReactNode } from 'react';
import css from './parts.module.css';

/** A key, drawn as one. */
export function KeyHint({ children }: { children: ReactNode }): ReactNode {
  return <kbd className={css.key}>{children}</kbd>;
}
