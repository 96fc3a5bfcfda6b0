import type { ReactNode } from 'react';
import css from './wall-editor.module.css';

/** A label, what it means, and its control. */
export function Field(props: { label: string; help?: string; children: ReactNode }): ReactNode {
  return (
    <div className={css.field}>
      <div>
        <div className={css.label}>{props.label}</div>
        {props.help !== undefined && <p className={css.help}>{props.help}</p>}
      </div>
      <div className={css.control}>{props.children}</div>
    </div>
  );
}
