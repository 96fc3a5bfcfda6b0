import { windowRange } from '../../../shared/business-day.ts';
import type { OfficeSettings } from '../../../shared/contract/settings.ts';
import type { Clock } from '../../clock.ts';
import { isCancelled, OpsdeckError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { adversusLimits } from '../../upstream/call-budget.ts';
import { createLocalBudget, type LocalBudget } from '../../upstream/local-budget.ts';
import { UpstreamError } from '../../upstream/upstream-error.ts';
import type { LeadFact } from '../map-lead.ts';
import { gatherMapped, mappingSettings } from '../map-leads.ts';
import type { PassDeps } from '../run-pass.ts';
import { deltaStart, readLeads } from '../sync-deals.ts';
import type { ReadingPlace } from './reading-memory.ts';
import type { Spool } from './spool.ts';
import type { SpooledPayload } from './spooled-fact.ts';

/** A database that only restarts is back before the first read, in ms. */
const settleMs = 4_000;
/** Pauses after a read that failed, in ms: doubled up to the longest, at which a refused sign-in begins. */
const firstPauseMs = 15_000;
const longestPauseMs = 300_000;

export interface ReaderParts {
  clock: Clock;
  log: Log;
  spool: Spool;
  /** True while the database is away and this process is the one that led when it went. */
  mayRead(): boolean;
  /** Wall time at which the schedule would have read next, in ms. */
  dueAt(): number;
  deltaSeconds(): number;
  settings(): OfficeSettings;
  /** What is known without the database; null: too little to read on. */
  place(): ReadingPlace | null;
  connect: PassDeps['connect'];
  /** Told after each read, also where it brought nothing. */
  onRead(): void;
}

/** How reading on stands. */
export interface ReadingState {
  lastReadAt: Date | null;
  nextReadAt: Date | null;
  /** Why the last read failed; null: it did not. */
  failure: { code: OpsdeckError['code']; message: string; since: Date } | null;
}

export interface Reader {
  /** Says that the database or the lead came or went. */
  wake(): void;
  /** Null while this process does not read on. */
  state(): ReadingState | null;
  /** This process's own budget of the last time away; null before the first. */
  budget(): LocalBudget | null;
  close(): Promise<void>;
}

/** Reads deals into the spool for as long as `mayRead` says so, at the office's pace. */
export function startReader(parts: ReaderParts): Reader {
  const { clock } = parts;
  const closing = new AbortController();
  let stop = new AbortController();
  let reading: Promise<void> | null = null;
  let shown: ReadingState | null = null;
  let budget: LocalBudget | null = null;

  async function readOn(place: ReadingPlace, signal: AbortSignal): Promise<void> {
    budget = createLocalBudget({ clock, limits: adversusLimits, left: place.left });
    const office = { parts, budget, place };
    let position = place.cursor;
    let failures = 0;
    let nextAt = Math.max(parts.dueAt(), clock.wall() + settleMs);
    while (!signal.aborted) {
      const failure = shown?.failure ?? null;
      shown = { lastReadAt: shown?.lastReadAt ?? null, nextReadAt: new Date(nextAt), failure };
      await clock.sleep(Math.max(nextAt - clock.wall(), 0), signal).catch(() => {});
      if (signal.aborted) return;
      const startedAt = clock.wall();
      try {
        position = await readOnce(office, position, signal);
        shown = { lastReadAt: clock.now(), nextReadAt: null, failure: null };
        failures = 0;
        nextAt = startedAt + parts.deltaSeconds() * 1_000;
      } catch (error) {
        if (signal.aborted || isCancelled(error)) return;
        failures += 1;
        nextAt = clock.wall() + pauseAfter(error, failures, clock);
        shown = { ...shown, failure: failureOf(error, shown.failure?.since ?? clock.now()) };
        parts.log.warn('Reading on without the database failed', { error: String(error) });
      }
      parts.onRead();
    }
  }

  function wake(): void {
    if (!parts.mayRead() || closing.signal.aborted) {
      stop.abort();
      shown = null;
      return;
    }
    if (reading) return;
    const place = parts.place();
    if (!place) return;
    stop = new AbortController();
    parts.log.info('The database is away; deals are read on into the spool');
    reading = readOn(place, stop.signal).finally(() => {
      reading = null;
      shown = null;
      // It may have gone away again while the last read ended.
      if (parts.mayRead()) wake();
    });
  }

  return {
    wake,
    state: () => (parts.mayRead() ? shown : null),
    budget: () => budget,
    async close() {
      closing.abort();
      stop.abort();
      await reading;
    },
  };
}

interface ReadingOffice {
  parts: ReaderParts;
  budget: LocalBudget;
  place: ReadingPlace;
}

/** Reads what changed since `position` and writes it down; answers where the next read may begin. */
async function readOnce(
  office: ReadingOffice,
  position: Date | null,
  signal: AbortSignal,
): Promise<Date | null> {
  const { parts, place } = office;
  const { clock } = parts;
  const settings = parts.settings();
  const { client, calls } = parts.connect(settings, office.budget);
  try {
    const start = deltaStart(position) ?? windowRange(clock.now(), settings.timeZone).start;
    const read = await readLeads(
      { client, settings, signal, priority: 'schedule', maxWaitMs: longestPauseMs, onStage: () => {} },
      { start, end: null },
    );
    const mapped = await gatherMapped(read.records, mappingSettings(settings));
    const fresh = mapped.facts.filter((fact) => isNewer(fact, place));
    if (fresh.length > 0) parts.spool.add(fresh.map((fact) => payloadOf(fact, place)));
    if (!read.complete || !mapped.newestStamp) return position;
    const newest = mapped.newestStamp < clock.now() ? mapped.newestStamp : clock.now();
    return position && position > newest ? position : newest;
  } finally {
    // Also learns the name of the stamp that the vendor took.
    calls();
  }
}

function isNewer(fact: LeadFact, { stamps }: ReadingPlace): boolean {
  const held = stamps.get(fact.leadId);
  return held === undefined || fact.updatedAt > held;
}

function payloadOf(fact: LeadFact, { leads, campaigns }: ReadingPlace): SpooledPayload {
  const isHeld = leads.has(fact.leadId);
  return {
    fact,
    isNew: isHeld === null ? null : !isHeld,
    campaign: fact.campaignId === null ? null : (campaigns.get(fact.campaignId) ?? null),
  };
}

function pauseAfter(error: unknown, failures: number, clock: Clock): number {
  const isRefused = error instanceof OpsdeckError && error.code === 'UPSTREAM_REFUSED';
  const pause = isRefused ? longestPauseMs : Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs);
  const freeAt = error instanceof UpstreamError ? (error.freeAt?.getTime() ?? 0) : 0;
  return Math.max(pause, freeAt - clock.wall());
}

function failureOf(error: unknown, since: Date): ReadingState['failure'] {
  if (error instanceof OpsdeckError) return { code: error.code, message: error.message, since };
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'INTERNAL',
    message: `What was read could not be kept on this computer (${message}). See that the disk has room.`,
    since,
  };
}
