import { duplicateField } from '../../shared/contract/duplicates.ts';
import { pressesSomething, usePageKeys } from '../page-keys.ts';
import { useServices } from '../services.ts';
import type { QueueStore } from './queue-store.ts';

/** Where the note is written. */
export const noteId = 'duplicate-note';

/** Acts on a key of the queue; false when it means nothing there. */
export function actOnQueueKey(key: string, queue: QueueStore): boolean {
  const { merging, chosen } = queue.getState();
  if (merging !== null) {
    const field = /^[1-5]$/.test(key) ? duplicateField.options[Number(key) - 1] : undefined;
    if (field !== undefined) queue.toggleField(field);
    else if (key === 'Enter') void queue.decide('merge', merging);
    else if (key === 'Escape' || key === 'm') queue.cancelMerge();
    // While fields are chosen no other decision is a slip of a finger away.
    else return ['a', 'r', 'x', 'u'].includes(key);
    return true;
  }
  switch (key) {
    case 'a':
      void queue.decide('approve');
      return true;
    case 'r':
      void queue.decide('replace');
      return true;
    case 'x':
      void queue.decide('reject');
      return true;
    case 'm':
      queue.startMerge();
      return true;
    case 'u':
      void queue.undo();
      return true;
    case 'Enter':
      queue.next();
      return chosen !== null;
    default:
      return false;
  }
}

/** The keys of the queue, and those that open its note and its bulk dialogue. */
export function useQueueKeys(startBulk: () => void): void {
  const { queue, navigation } = useServices();
  usePageKeys((key, event) => {
    if (event.repeat && key !== 'Enter') return false;
    if (key === 'Enter' && pressesSomething(event.target)) return false;
    if (key === 'n') {
      document.getElementById(noteId)?.focus();
      return true;
    }
    if (key === 'y') {
      navigation.askWhy(queue.getState().chosen?.lead_id);
      return true;
    }
    if (key === 'l') {
      startBulk();
      return true;
    }
    return actOnQueueKey(key, queue);
  }, 'screen');
}
