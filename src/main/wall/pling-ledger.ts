import type { PlingState, WallDeal } from './plan-plings.ts';

/** What tells one deal from another: its lead, agent and order instant, or its row, whose order date may be mended. */
export type PlingKey = Pick<WallDeal, 'id' | 'leadId' | 'userId' | 'orderDate'>;

/**
 * Which deals each wall has told of. A wall is named by its database and its display. What is written is on disk when
 * the call returns, so that a crash can swallow a sound and never repeat one. Every call may throw.
 */
export interface PlingLedger {
  /** When this wall was last attended to; null: never, so what is there now is nothing new. */
  attendedAt(wall: string): Date | null;
  attend(wall: string, at: Date): void;
  knows(wall: string, deal: PlingKey): boolean;
  record(wall: string, deals: readonly PlingKey[], state: PlingState, at: Date): void;
  /** Forgets deals ordered before an instant; only today's are ever asked for. */
  prune(before: Date): void;
  close(): void;
}

/** A ledger that lasts as long as the program: for when the file cannot be used. */
export function createMemoryLedger(): PlingLedger {
  const attended = new Map<string, Date>();
  const known = new Map<string, Date>();
  return {
    attendedAt: (wall) => attended.get(wall) ?? null,
    attend: (wall, at) => void attended.set(wall, at),
    knows: (wall, deal) => known.has(orderMark(wall, deal)) || known.has(rowMark(wall, deal)),
    record(wall, deals) {
      for (const deal of deals) {
        if (known.has(orderMark(wall, deal))) continue;
        known.set(orderMark(wall, deal), deal.orderDate);
        known.set(rowMark(wall, deal), deal.orderDate);
      }
    },
    prune(before) {
      for (const [mark, date] of known) if (date < before) known.delete(mark);
    },
    close() {},
  };
}

function orderMark(wall: string, deal: PlingKey): string {
  return `order ${wall} ${deal.leadId} ${deal.userId} ${deal.orderDate.getTime()}`;
}

function rowMark(wall: string, deal: PlingKey): string {
  return `row ${wall} ${deal.leadId} ${deal.id}`;
}
