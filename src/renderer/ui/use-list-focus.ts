import { useEffect } from 'react';
import { openDialogues } from '../page-keys.ts';

/**
 * Gives a screen's list the focus once it is there, so that its keys work at once; not when a person has the focus
 * in something else of the screen by then, or in a dialogue over it.
 */
export function useListFocus(id: string, isThere: boolean): void {
  useEffect(() => {
    const { activeElement } = document;
    const isAsked = openDialogues().length > 0;
    const isFree = !isAsked && (activeElement === null || activeElement.closest('main') === null);
    if (isThere && isFree) document.getElementById(id)?.focus({ preventScroll: true });
  }, [id, isThere]);
}
