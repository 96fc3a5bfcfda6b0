import type { ReactNode } from 'react';
import css from './parts.module.css';

/** Rows in the shape of what is being fetched, so that nothing jumps when it comes. */
export function Bones(props: { rows: number; height: number; head?: boolean }): ReactNode {
  const { rows, height } = props;
  return (
    <div aria-hidden style={{ height: '100%', overflow: 'hidden' }}>
      {props.head === true ? <div style={{ height: 30, borderBottom: '1px solid var(--od-line)' }} /> : null}
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} style={{ height, display: 'flex', alignItems: 'center', gap: 12, padding: '0 12px' }}>
          <span className={css.bone} style={{ width: 22, height: 10 }} />
          <span className={css.bone} style={{ width: `${26 + ((i * 17) % 20)}%`, height: 10 }} />
          <span className={css.bone} style={{ width: '12%', height: 10, marginInlineStart: 'auto' }} />
        </div>
      ))}
    </div>
  );
}
