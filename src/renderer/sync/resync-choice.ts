/** How far back a resync reads: the window, days that a person names, or everything the vendor has. */
export const resyncWays = ['window', 'days', 'all'] as const;
export type ResyncWay = (typeof resyncWays)[number];

/** The office's days, both included; empty where none was chosen. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/** Why these days cannot be read, or null. */
export function daysProblem({ from, to }: Days): 'missing' | 'order' | null {
  if (from === '' || to === '') return 'missing';
  return from > to ? 'order' : null;
}
