import { dayOf, windowRange } from '../../shared/business-day.ts';
import type { PassCounts } from '../../shared/contract/sync.ts';
import { resyncRange } from '../deals/resync-range.ts';
import type { PassResult } from '../deals/run-pass.ts';
import { notConfigured, OpsdeckError } from '../errors.ts';
import type { Operations } from '../operations.ts';

interface Asked {
  mode: 'full' | 'rolling';
  startDate?: string | undefined;
  endDate?: string | undefined;
}

/** Reads deals, then messages, anew, and answers when both are swapped in. A failure leaves what was there. */
export async function syncDatabase(operations: Operations, asked: Asked) {
  const days = daysOf(asked);
  const { clock } = operations.workspace.passes;
  const { timeZone } = operations.settings();
  const missing = operations.workspace.missing(operations.settings());
  if (missing.length > 0) throw notConfigured(missing);
  const kind = asked.mode;
  if (kind === 'full') resyncRange({ kind, days }, clock.now(), timeZone);
  const window = windowRange(clock.now(), timeZone);
  const deals = await operations.runForPerson({ source: 'deals', kind, days });
  const sms = await operations.runForPerson({ source: 'sms', kind, days });
  return {
    success: true as const,
    message: wordsOf(deals, sms),
    period:
      kind === 'rolling'
        ? {
            startDate: dayOf(window.start, timeZone),
            endDate: dayOf(new Date(window.end.getTime() - 1), timeZone),
          }
        : days && { startDate: days.from, endDate: days.to },
    deals: countsOf(deals),
    sms: countsOf(sms),
  };
}

function daysOf({ mode, startDate, endDate }: Asked): { from: string; to: string } | null {
  if (startDate === undefined && endDate === undefined) return null;
  if (mode === 'full' && startDate !== undefined && endDate !== undefined)
    return { from: startDate, to: endDate };
  throw new OpsdeckError('BAD_REQUEST', 'Give startDate and endDate together, and with mode full only.');
}

function countsOf({ inserted, updated, removed, unchanged, held, rejected }: PassResult): PassCounts {
  return { inserted, updated, removed, unchanged, held, rejected };
}

function wordsOf(deals: PassResult, sms: PassResult): string {
  const words = [
    `Deals: ${deals.inserted} inserted, ${deals.updated} updated, ${deals.removed} removed.`,
    `Messages: ${sms.inserted} inserted, ${sms.updated} updated, ${sms.removed} removed.`,
  ];
  if (deals.removalsHeld) words.push('Removals are held for a person: see /api/admin/sync-held.');
  if (deals.held > 0 && !deals.removalsHeld) words.push(`${deals.held} changes wait for a person.`);
  return words.join(' ');
}
