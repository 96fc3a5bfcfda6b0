import type { ReactNode } from 'react';
import css from './parts.module.css';

/** A bar of how much is left of a whole; its words stand beside it. */
export function Meter(props: { label: string; left: number; of: number; text: string }): ReactNode {
  const share = props.of === 0 ? 0 : Math.min(1, Math.max(0, props.left / props.of));
  const tone = share < 0.1 ? 'bad' : share < 0.25 ? 'warn' : 'ok';
  return (
    <div
      className={css.meter}
      role="meter"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={props.of}
      aria-valuenow={props.left}
      aria-valuetext={props.text}
    >
      <div className={css.meterFill} data-tone={tone} style={{ width: `${share * 100}%` }} />
    </div>
  );
}
