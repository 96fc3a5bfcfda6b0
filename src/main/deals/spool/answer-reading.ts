import type { SyncState } from '../../../shared/contract/sync.ts';
import type { BudgetState } from '../../upstream/call-budget.ts';
import { budgetView } from '../budget-view.ts';
import type { ReadingState } from './read-on.ts';

/** How reading on stands, as far as screens show it. */
export interface ReadingNow {
  waiting(): number;
  state(): ReadingState | null;
  budget(): BudgetState | null;
}

/** What was last known of the upstream, with what this console reads by itself meanwhile. */
export function withReading(kept: SyncState, reading: ReadingNow | null): SyncState {
  // Nothing runs and nothing is planned from here while the database is away, but for reading on.
  const idle = { running: null, next_delta_at: null, next_window_at: null };
  const sources = kept.sources.map((source) => ({ ...source, ...idle }));
  const now = reading?.state() ?? null;
  const base = { ...kept, sources, retry_queue_length: reading?.waiting() ?? 0, reading_on: now !== null };
  if (!now) return base;
  const budget = reading?.budget() ?? null;
  return {
    ...base,
    upstream: { ...kept.upstream, ...upstreamNow(now, kept.upstream) },
    budget: budget ? budgetView(budget) : kept.budget,
    sources: sources.map((source) =>
      source.source === 'deals'
        ? {
            ...source,
            last_complete_at: now.lastReadAt?.toISOString() ?? source.last_complete_at,
            next_delta_at: now.nextReadAt?.toISOString() ?? null,
          }
        : source,
    ),
  };
}

function upstreamNow(
  { failure, lastReadAt }: ReadingState,
  kept: SyncState['upstream'],
): Pick<SyncState['upstream'], 'state' | 'message' | 'since'> {
  // What goes wrong on this computer is not the vendor's: it is in the log, and the data's age rises.
  if (failure && !failure.code.startsWith('UPSTREAM')) return kept;
  if (failure)
    return {
      state: failure.code === 'UPSTREAM_REFUSED' ? 'refused' : 'failing',
      message: failure.message,
      since: failure.since.toISOString(),
    };
  return lastReadAt ? { state: 'ok', message: null, since: lastReadAt.toISOString() } : kept;
}
