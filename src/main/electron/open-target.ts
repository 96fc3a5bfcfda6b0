import type { LinkTarget } from '../../shared/contract/links.ts';
import { readLink } from '../../shared/contract/links.ts';

/** Where the console is asked to go, by a notification, a link or the tray. */
export interface OpenTarget {
  open(target: LinkTarget): void;
  /** Opens the first `opsdeck://` link among arguments; false when there is none. */
  openLink(args: readonly string[]): boolean;
  /** Tells the page where to go; what was asked before anybody listened is told at once. */
  onOpen(listener: (target: LinkTarget) => void): () => void;
}

export function createOpenTarget(bringForward: () => void): OpenTarget {
  const listeners = new Set<(target: LinkTarget) => void>();
  let pending: LinkTarget | null = null;
  const open = (target: LinkTarget) => {
    bringForward();
    if (listeners.size === 0) pending = target;
    for (const listener of listeners) listener(target);
  };
  return {
    open,
    openLink(args) {
      const target = args.map(readLink).find((read) => read !== null);
      if (target) open(target);
      return target !== undefined && target !== null;
    },
    onOpen(listener) {
      listeners.add(listener);
      if (pending) listener(pending);
      pending = null;
      return () => void listeners.delete(listener);
    },
  };
}
