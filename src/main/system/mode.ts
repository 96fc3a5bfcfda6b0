import type { SystemMode } from '../../shared/contract/mode.ts';
import type { Clock } from '../clock.ts';
import { OpsdeckError } from '../errors.ts';
import type { Database } from '../storage/postgres.ts';
import { readAndNoteMode, storeMode } from './mode-store.ts';

/** What holds until somebody switches. */
export const initialMode: SystemMode = 'async_queue';

/** How long a process believes what it read, in ms of its monotonic clock. */
export const modeLifeMs = 60_000;

/** Pause before a database that does not answer is asked again, in ms. */
const awayPauseMs = 1_000;

export interface BelievedMode {
  mode: SystemMode;
  /** When it was read last; null: never. */
  cachedAt: Date | null;
  /** True: the database could not be asked, and this is what was last believed. */
  believed: boolean;
}

/** The office's mode as this process sees it. */
export interface ModeCache {
  /** At most one query a minute, however many ask. Never rejects: while the database is away the last one is believed. */
  read(): Promise<BelievedMode>;
  /** Reads that were answered from what is believed, and those for which the database was asked. */
  reads(): { hits: number; misses: number };
  /** What is believed now, without asking anybody. */
  known(): BelievedMode;
  /** The next read asks the database: somebody switched. */
  drop(): void;
  /**
   * Switches for every process: audited, and raised as SWITCH. BAD_REQUEST without a person's confirmation;
   * DATABASE_AWAY: a switch is never kept for later. False: that is the mode already.
   */
  set(mode: SystemMode, by: { confirmed: boolean; actor: string; console: string }): Promise<boolean>;
}

export function createModeCache(deps: {
  database: Database;
  clock: Clock;
  processId: string;
  /** Believed while the database was never reached. */
  remembered?: SystemMode;
}): ModeCache {
  const { database, clock } = deps;
  let known: BelievedMode = { mode: deps.remembered ?? initialMode, cachedAt: null, believed: true };
  let freshUntil = -Infinity;
  let asking: Promise<BelievedMode> | null = null;
  /** Counts drops: an answer that was asked for before one is not kept as fresh. */
  let drops = 0;
  const reads = { hits: 0, misses: 0 };

  async function ask(): Promise<BelievedMode> {
    const asked = { at: new Date(clock.wall()), monotonic: clock.monotonic(), drops };
    try {
      const mode = await readAndNoteMode(database, deps.processId, initialMode);
      const answer = { mode, cachedAt: asked.at, believed: false };
      // Somebody switched while this was under way: it may be the mode before.
      if (asked.drops !== drops) return answer;
      freshUntil = asked.monotonic + modeLifeMs;
      known = answer;
    } catch {
      freshUntil = clock.monotonic() + awayPauseMs;
      known = { ...known, believed: true };
    }
    return known;
  }

  const drop = () => {
    drops += 1;
    freshUntil = -Infinity;
    asking = null;
  };
  return {
    read() {
      const isFresh = clock.monotonic() < freshUntil;
      if (isFresh || asking) reads.hits += 1;
      if (isFresh) return Promise.resolve(known);
      if (asking) return asking;
      reads.misses += 1;
      const mine = ask().finally(() => {
        if (asking === mine) asking = null;
      });
      asking = mine;
      return mine;
    },
    reads: () => ({ ...reads }),
    known: () => known,
    drop,
    async set(mode, { confirmed, actor, console }) {
      if (!confirmed) throw unconfirmed(mode);
      const moved = await storeMode(database, mode, initialMode, { actor, console, at: clock.now() });
      drop();
      return moved;
    },
  };
}

/** What a mode does, in words. */
export const modeEffects: Readonly<Record<SystemMode, string>> = {
  async_queue: 'Requests for accounts become tasks that wait their turn and are tried again by themselves.',
  sync_direct:
    'Requests for accounts are carried out at once, where they are made; a failure is told at once.',
};

function unconfirmed(mode: SystemMode): OpsdeckError {
  return new OpsdeckError(
    'BAD_REQUEST',
    `Switching to ${mode} changes it for every console. ${modeEffects[mode]} Confirm it to switch.`,
  );
}
