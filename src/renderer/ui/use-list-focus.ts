import { useEffect } from 'react';

/**
 * Gives a screen's list the focus once it is there, so that its keys work at once; not when a person has the focus
 * in something else of the screen by then.
 */
export function useListFocus(id: string, isThere: boolean): void {
  useEffect(() => {
    const { activeElement } = document;
    const isFree = activeElement === null || activeElement.closest('main') === null;
    if (isThere && isFree) document.getElementById(id)?.focus({ preventScroll: true });
  }, [id, isThere]);
}
