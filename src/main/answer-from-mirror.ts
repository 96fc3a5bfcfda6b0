import { z } from 'zod';
import { systemMode, type ModeView } from '../shared/contract/mode.ts';
import { boardView, type BoardView, type FairFacts } from '../shared/contract/boards.ts';
import type { TodayView } from '../shared/contract/deals.ts';
import type { DuplicateCase, PendingDuplicate } from '../shared/contract/duplicates.ts';
import { healthEventView, type HealthEventView } from '../shared/contract/health.ts';
import { heldRemoval, syncRun, syncState, type SyncState } from '../shared/contract/sync.ts';
import { healthEvent, officeSettingsView, type SystemStatus } from '../shared/contract/system.ts';
import { todayOf } from './deals/answer-deals.ts';
import { caseView, pendingView } from './deals/answer-duplicates.ts';
import { unmarked } from './deals/fair/read-fair.ts';
import { keptCase } from './deals/kept-case.ts';
import { withReading, type ReadingNow } from './deals/spool/answer-reading.ts';
import { layOver } from './deals/spool/lay-over.ts';
import type { SpooledFact } from './deals/spool/spooled-fact.ts';
import { TodayCache } from './deals/today-cache.ts';
import { keptAgents, keptDay, readKeptDeal, keptMessages, todayRowsOf } from './deals/today-rows.ts';
import { mirrored, mirroredPeriods } from './fill-mirror.ts';
import type { Mirror } from './mirror/mirror.ts';
import type { KeptWall } from './wall/create-wall.ts';
import type { Clock } from './clock.ts';

const modeTopic = z.object({ mode: systemMode, cachedAt: z.iso.datetime().nullable() });
const about = z.object({ workspace: z.enum(['sandbox', 'team', 'local']), label: z.string() });

/** What can be answered without the database, each null where the mirror does not know. */
export interface MirrorAnswers {
  today(waitingHere: ReadonlySet<number>): TodayView | null;
  board(period: string): BoardView | null;
  /** Marks nobody; who is not named is the office's word also now. */
  fair(): FairFacts | null;
  pending(
    page: { limit: number; offset: number; search?: string | undefined },
    waitingHere: ReadonlySet<number>,
  ): { pending: PendingDuplicate[]; count: number } | null;
  case(id: number): DuplicateCase | null;
  /** One open case as the queue shows it. */
  seen(id: number): PendingDuplicate | null;
  sync(): SyncState | null;
  runs(limit: number): z.infer<typeof syncRun>[] | null;
  held(): z.infer<typeof heldRemoval>[] | null;
  office(): z.infer<typeof officeSettingsView> | null;
  /** The mode that was believed last. */
  mode(): ModeView | null;
  health(limit: number): z.infer<typeof healthEvent>[] | null;
  timeline(): HealthEventView[] | null;
  about(): { workspace: SystemStatus['workspace']; label: string } | null;
  /** Today from memory where operations have it, else from the mirror. */
  useToday(from: () => TodayCache | null): void;
  /** Deals that were read and are in no database yet, where there is a place for them. */
  useReading(from: () => KeptReading | null): void;
}

/** Reading on as it is shown; `facts` are laid over rows of the mirror. */
export type KeptReading = ReadingNow & { facts(): readonly SpooledFact[] };

export function answerFromMirror(mirror: Mirror, clock: Clock): MirrorAnswers {
  let live: () => TodayCache | null = () => null;
  let reading: () => KeptReading | null = () => null;
  const office = () => mirror.topic(mirrored.office, officeSettingsView);
  const timeZone = () => office()?.settings.timeZone ?? null;

  function keptToday(): TodayCache | null {
    const running = live();
    if (running) return running;
    const day = mirror.topic(mirrored.day, keptDay);
    const messages = mirror.topic(mirrored.messages, keptMessages);
    const agents = mirror.topic(mirrored.agents, keptAgents);
    const settings = office()?.settings;
    if (!day || !messages || !agents || !settings) return null;
    const { timeZone: zone, commissionChangeIsDuplicate } = settings;
    return TodayCache.kept(
      todayRowsOf({ day, messages, agents, deals: mirror.all(mirrored.deals, readKeptDeal) }),
      {
        clock,
        timeZone: () => zone,
        over: (deals, range) =>
          layOver(reading()?.facts() ?? [], deals, { range, timeZone: zone, commissionChangeIsDuplicate }),
      },
    );
  }

  return {
    today(waitingHere) {
      const cache = keptToday();
      const waiting = mirror.topic(mirrored.waiting, z.number().int()) ?? 0;
      return cache && todayOf(cache, Math.max(0, waiting - waitingHere.size));
    },
    board: (period) =>
      mirroredPeriods.includes(period) ? mirror.topic(mirrored.board(period), boardView) : null,
    fair() {
      const settings = office()?.settings;
      return settings ? unmarked(settings) : null;
    },
    pending(page, waitingHere) {
      const zone = timeZone();
      if (!zone) return null;
      const { rows, count } = mirror.page(mirrored.cases, { ...page, except: waitingHere }, keptCase);
      return { pending: rows.map((row) => pendingView(row, zone)), count };
    },
    case(id) {
      const row = mirror.row(mirrored.cases, id, keptCase);
      const zone = timeZone();
      const today = keptToday();
      return row && zone && today ? caseView(row, [], today, zone) : null;
    },
    seen(id) {
      const row = mirror.row(mirrored.cases, id, keptCase);
      const zone = timeZone();
      return row && zone ? pendingView(row, zone) : null;
    },
    sync() {
      const state = mirror.topic(mirrored.sync, syncState);
      return state && withReading(state, reading());
    },
    runs: (limit) => mirror.topic(mirrored.runs, z.array(syncRun))?.slice(0, limit) ?? null,
    held: () => mirror.topic(mirrored.held, z.array(heldRemoval)),
    office,
    health: (limit) =>
      mirror
        .topic(mirrored.health, z.array(healthEventView))
        ?.slice(0, limit)
        .flatMap(({ id, ...event }) => (id === null ? [] : [healthEvent.parse({ ...event, id })])) ?? null,
    timeline: () => mirror.topic(mirrored.health, z.array(healthEventView)),
    mode() {
      const known = mirror.topic(mirrored.mode, modeTopic);
      return known && { ...known, believed: true, processes: [] };
    },
    about: () => mirror.topic(mirrored.about, about),
    useToday: (from) => (live = from),
    useReading: (from) => (reading = from),
  };
}

/** What a wall shows while operations cannot start: the last known board, how old it is and since when we fail. */
export function keptWall(answers: MirrorAnswers, failure: { at: Date } | null): KeptWall | null {
  const today = answers.today(new Set());
  const about = answers.about();
  const office = answers.office();
  const state = answers.sync();
  if (!today || !about || !office || !state) return null;
  const deals = state.sources.find(({ source }) => source === 'deals');
  const { day, time_zone, seq, totals, unsaved, board } = today;
  const { deals: count, commission, sms } = totals;
  return {
    board: { day, time_zone, seq, totals: { deals: count, commission, sms }, unsaved, board },
    workspace: about.workspace,
    readAt: deals?.last_complete_at ?? null,
    upstream: state.upstream.state,
    deltaSeconds: office.settings.deltaSeconds,
    awaySince: failure?.at.toISOString() ?? null,
  };
}
