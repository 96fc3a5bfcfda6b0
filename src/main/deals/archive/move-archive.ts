import { dayOf, startOfDay } from '../../../shared/business-day.ts';
import type { OfficeSettings } from '../../../shared/contract/settings.ts';
import type { Clock } from '../../clock.ts';
import { OpsdeckError } from '../../errors.ts';
import type { Database } from '../../storage/postgres.ts';
import { appendAudit } from '../../system/audit.ts';
import { withPermit, type Permit, type PermitDeps } from '../../system/permits.ts';
import { archiveBatch, archivedLeads, bringBack } from '../archive-store.ts';

/** Leads moved in one transaction: some tens of milliseconds, so that nobody waits noticeably for its locks. */
const batchLeads = 500;
/** Pause between two batches, in which passes and decisions have their turn, in ms. */
const pauseMs = 200;
const dayMs = 86_400_000;

export interface ArchiveDeps {
  database: Database;
  clock: Clock;
  permits: PermitDeps;
  /** How long a batch waits for a pass that writes the deals, in ms. */
  waitMs: number;
}

export interface MoveOptions {
  signal?: AbortSignal | undefined;
  /** The leader's term where nobody asked for it. */
  term?: number | null;
  /** Deals moved so far. */
  onMoved?: ((moved: number) => void) | undefined;
}

/** Deals ordered, and last touched upstream, before this instant are old enough: the beginning of an office day. */
export function archiveBefore(
  now: Date,
  settings: Pick<OfficeSettings, 'timeZone' | 'archiveAfterDays'>,
): Date {
  const noon = startOfDay(dayOf(now, settings.timeZone), settings.timeZone).getTime() + dayMs / 2;
  const day = dayOf(new Date(noon - settings.archiveAfterDays * dayMs), settings.timeZone);
  return startOfDay(day, settings.timeZone);
}

/**
 * Moves every settled deal from before an instant to the archive, in small transactions under the deals' permit; answers
 * how many. What was moved when it is stopped stays moved. Boards count both, so no figure changes.
 */
export async function archiveOld(
  deps: ArchiveDeps,
  before: Date,
  options: MoveOptions = {},
): Promise<number> {
  return inBatches(deps, options, (permit) =>
    permit.transaction((tx) => archiveBatch(tx, { before, leads: batchLeads, now: deps.clock.now() })),
  );
}

/**
 * Moves archived deals back, all or those ordered in a range, with the lead they belong to; answers how many.
 * BAD_REQUEST while the archive is on, which would only move them again.
 */
export async function moveBack(
  deps: ArchiveDeps,
  asked: {
    range: { start: Date; end: Date } | null;
    settings: Pick<OfficeSettings, 'archive'>;
    actor: string;
    console: string;
  },
  options: MoveOptions = {},
): Promise<number> {
  if (asked.settings.archive)
    throw new OpsdeckError(
      'BAD_REQUEST',
      'The archive is on, so what is moved back would be archived again. Switch it off in the settings of the office first.',
    );
  await deps.database.transaction((tx) =>
    appendAudit(tx, {
      at: deps.clock.now(),
      actor: asked.actor,
      console: asked.console,
      action: 'archive.move-back',
      target: 'deals',
      after: {
        from: asked.range?.start.toISOString() ?? null,
        to: asked.range?.end.toISOString() ?? null,
      },
    }),
  );
  return inBatches(deps, options, (permit) =>
    permit.transaction(async (tx) => {
      const leads = await archivedLeads(tx, asked.range, batchLeads);
      return leads.length > 0 ? bringBack(tx, leads) : 0;
    }),
  );
}

/** One permit for each batch, until one moves nothing. */
async function inBatches(
  deps: ArchiveDeps,
  options: MoveOptions,
  batch: (permit: Permit) => Promise<number>,
): Promise<number> {
  const { signal, onMoved, term = null } = options;
  const wait = { waitMs: deps.waitMs, term, ...(signal ? { signal } : {}) };
  for (let moved = 0; ;) {
    const more = await withPermit(deps.permits, 'deals', wait, batch);
    moved += more;
    onMoved?.(moved);
    if (more === 0) return moved;
    await deps.clock.sleep(pauseMs, signal);
  }
}
