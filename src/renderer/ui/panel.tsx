import { useId, type ReactNode, type Ref } from 'react';
import css from './parts.module.css';

/** A titled part of a screen; a landmark of its own that can be given the focus. */
export function Panel(props: {
  title: string;
  head?: ReactNode;
  side?: ReactNode;
  className?: string | undefined;
  ref?: Ref<HTMLElement>;
  children: ReactNode;
}): ReactNode {
  const id = useId();
  return (
    <section ref={props.ref} className={`${css.panel} ${props.className ?? ''}`} aria-labelledby={id}>
      <header className={css.panelHead}>
        <h2 id={id} className={css.panelTitle} {...(props.head === undefined ? {} : { hidden: true })}>
          {props.title}
        </h2>
        {props.head}
        {props.side === undefined ? null : <div className={css.panelSide}>{props.side}</div>}
      </header>
      <div className={css.panelBody}>{props.children}</div>
    </section>
  );
}
