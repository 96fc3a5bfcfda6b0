import { z } from 'zod';
import { boardView, type BoardView } from '../shared/contract/boards.ts';
import type { TodayView } from '../shared/contract/deals.ts';
import type { DuplicateCase, PendingDuplicate } from '../shared/contract/duplicates.ts';
import { heldRemoval, syncRun, syncState, type SyncState } from '../shared/contract/sync.ts';
import { healthEvent, officeSettingsView, type SystemStatus } from '../shared/contract/system.ts';
import { todayOf } from './deals/answer-deals.ts';
import { caseView, pendingView } from './deals/answer-duplicates.ts';
import { keptCase } from './deals/kept-case.ts';
import { TodayCache } from './deals/today-cache.ts';
import { keptAgents, keptDay, keptDeal, keptMessages, todayRowsOf } from './deals/today-rows.ts';
import { mirrored, mirroredPeriods } from './fill-mirror.ts';
import type { Mirror } from './mirror/mirror.ts';
import type { Clock } from './clock.ts';

const about = z.object({ workspace: z.enum(['sandbox', 'team', 'local']), label: z.string() });

/** What can be answered without the database, each null where the mirror does not know. */
export interface MirrorAnswers {
  today(waitingHere: ReadonlySet<number>): TodayView | null;
  board(period: string): BoardView | null;
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
  health(limit: number): z.infer<typeof healthEvent>[] | null;
  about(): { workspace: SystemStatus['workspace']; label: string } | null;
  /** Today from memory where operations have it, else from the mirror. */
  useToday(from: () => TodayCache | null): void;
}

export function answerFromMirror(mirror: Mirror, clock: Clock): MirrorAnswers {
  let live: () => TodayCache | null = () => null;
  const office = () => mirror.topic(mirrored.office, officeSettingsView);
  const timeZone = () => office()?.settings.timeZone ?? null;

  function keptToday(): TodayCache | null {
    const running = live();
    if (running) return running;
    const day = mirror.topic(mirrored.day, keptDay);
    const messages = mirror.topic(mirrored.messages, keptMessages);
    const agents = mirror.topic(mirrored.agents, keptAgents);
    const zone = timeZone();
    if (!day || !messages || !agents || !zone) return null;
    return TodayCache.kept(
      todayRowsOf({ day, messages, agents, deals: mirror.all(mirrored.deals, keptDeal) }),
      { clock, timeZone: () => zone },
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
      // Nothing runs and nothing is planned from here while the database is away.
      const idle = { running: null, next_delta_at: null, next_window_at: null };
      return state && { ...state, sources: state.sources.map((source) => ({ ...source, ...idle })) };
    },
    runs: (limit) => mirror.topic(mirrored.runs, z.array(syncRun))?.slice(0, limit) ?? null,
    held: () => mirror.topic(mirrored.held, z.array(heldRemoval)),
    office,
    health: (limit) => mirror.topic(mirrored.health, z.array(healthEvent))?.slice(0, limit) ?? null,
    about: () => mirror.topic(mirrored.about, about),
    useToday: (from) => (live = from),
  };
}
