import type { ReactNode } from 'react';
import css from './parts.module.css';

/** One of a few, as pressed buttons. */
export function Chips<Name extends string>(props: {
  label: string;
  names: readonly Name[];
  chosen: Name;
  onChoose: (name: Name) => void;
  children: (name: Name) => ReactNode;
}): ReactNode {
  return (
    <div className={css.chips} role="group" aria-label={props.label}>
      {props.names.map((name) => (
        <button
          key={name}
          type="button"
          className={css.chip}
          aria-pressed={props.chosen === name}
          onClick={() => props.onChoose(name)}
        >
          {props.children(name)}
        </button>
      ))}
    </div>
  );
}
