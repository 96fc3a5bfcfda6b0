import type { ReactNode } from 'react';
import css from './parts.module.css';

/** One number that matters, with its label and a note. With `onOpen` it is a button. */
export function Stat(props: {
  label: string;
  value: string | null;
  note?: string | undefined;
  onOpen?: () => void;
}): ReactNode {
  const inside = (
    <>
      <span className={css.statLabel}>{props.label}</span>
      <span className={css.statLine}>
        {props.value === null ? (
          <span className={css.statValue}>
            <span className={css.bone} style={{ width: 72, height: 20 }} />
          </span>
        ) : (
          <span className={css.statValue}>{props.value}</span>
        )}
      </span>
      <span className={css.statNote} title={props.note}>
        {props.note ?? '\u00a0'}
      </span>
    </>
  );
  if (props.onOpen === undefined) return <div className={css.stat}>{inside}</div>;
  return (
    <button type="button" className={css.stat} onClick={props.onOpen}>
      {inside}
    </button>
  );
}
