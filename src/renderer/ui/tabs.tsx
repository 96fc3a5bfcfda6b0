import type { ReactNode } from 'react';
import css from './parts.module.css';

/** A choice between the lists of a screen. */
export function Tabs<Name extends string>(props: {
  label: string;
  names: readonly Name[];
  chosen: Name;
  onChoose: (name: Name) => void;
  children: (name: Name) => ReactNode;
}): ReactNode {
  return (
    <div role="tablist" aria-label={props.label} className={css.tabs}>
      {props.names.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          aria-selected={props.chosen === name}
          className={css.tab}
          onClick={() => props.onChoose(name)}
        >
          {props.children(name)}
        </button>
      ))}
    </div>
  );
}

/** How many there are, beside a word. */
export function Count({ children }: { children: ReactNode }): ReactNode {
  return <span className={css.count}>{children}</span>;
}
