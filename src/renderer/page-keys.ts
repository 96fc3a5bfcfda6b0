import { useEffect, useRef } from 'react';

/** Where a letter is text. A switch or a choice of several is an input too, but no letter means anything in it. */
const typed =
  'input:not([type="radio"]):not([type="checkbox"]):not([type="button"]), textarea, select, [contenteditable]';

/** True where the keys a person presses are text. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest(typed) !== null;
}

/** Dialogues that lie over the page, the palette among them. */
export function openDialogues(): Element[] {
  return [...document.querySelectorAll('[role="dialog"]')];
}

/** True while single keys mean nothing: with Ctrl and its like, in text, below a dialogue, or when taken already. */
function isElsewhere(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true;
  return isTyping(event.target) || openDialogues().length > 0;
}

/**
 * Listens for single keys: `act` answers whether the key meant something. A screen's own keys come before the
 * console's, because the event reaches the body before the document.
 */
export function usePageKeys(act: (key: string, event: KeyboardEvent) => boolean, of: 'screen' | 'console') {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    const place = of === 'screen' ? document.body : document;
    const onKey = (event: Event): void => {
      if (!(event instanceof KeyboardEvent) || isElsewhere(event)) return;
      if (latest.current(event.key, event)) event.preventDefault();
    };
    place.addEventListener('keydown', onKey);
    return () => place.removeEventListener('keydown', onKey);
  }, [of]);
}

/** True where Enter and Space press what has the focus, so that a screen leaves them alone. */
export function pressesSomething(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a, input, [role="tab"]') !== null;
}
