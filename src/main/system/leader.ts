import type { Clock } from '../clock.ts';
import type { Database } from '../storage/postgres.ts';
import { askForLease, leaseChannel, renewLease, resignLease, type LeaderInfo } from './leader-store.ts';
import { readClocks, trustLeft, type ClockReading } from './trust.ts';

export type LeaderState = { kind: 'leader'; term: number } | { kind: 'follower'; leader: LeaderInfo | null };

export interface LeaderDeps {
  database: Database;
  clock: Clock;
  /** This process, as in `processes`. */
  processId: string;
  /** Length of the lease, pause between renewals and what is taken off for clocks that drift, in ms. */
  ttlMs?: number;
  renewMs?: number;
  marginMs?: number;
  random?: () => number;
}

/** One process among all of a database; at most one of them is leader at any instant. */
export interface Leader {
  /** True only while the lease can be trusted; asks both clocks at every call. */
  isLeader(): boolean;
  /** Number of the lease while leader, else null. Each election has a higher one. */
  term(): number | null;
  state(): LeaderState;
  /** The machine goes to sleep: leadership is dropped and given back as far as that still works. */
  suspend(): void;
  /** The machine woke: whatever was believed is dropped, then asked for again. */
  resume(): void;
  /** Resigns, so that another takes over at once. */
  close(): Promise<void>;
}

/** A console that does not lead asks a database that is away this often at least, in ms. */
const longestPauseMs = 4_000;

/**
 * Keeps asking for the lease (15 s) and renewing it (every 5 s, ± 1 s). Held leases are trusted for less than
 * they last: from before the request, minus a second, by wall and by monotonic clock.
 */
export function startLeader(deps: LeaderDeps, options: { onChange(state: LeaderState): void }): Leader {
  const { database, clock, processId } = deps;
  const ttlMs = deps.ttlMs ?? 15_000;
  const trustMs = ttlMs - (deps.marginMs ?? 1_000);
  const renewMs = deps.renewMs ?? ttlMs / 3;
  const random = deps.random ?? Math.random;

  let held: { term: number; from: ClockReading } | null = null;
  let known: LeaderInfo | null = null;
  let shown: string | undefined;
  let mode: 'running' | 'suspended' | 'closed' = 'running';
  /** Rises whenever leadership is dropped: an answer asked for before that is not believed. */
  let era = 0;
  let asking = false;
  let askAt = 0;
  let woken = false;
  let failures = 0;
  let pause = new AbortController();

  const trusted = () => held !== null && trustLeft(clock, held.from, trustMs) > 0;
  const state = (): LeaderState =>
    held && trusted() ? { kind: 'leader', term: held.term } : { kind: 'follower', leader: known };

  function show() {
    const now = state();
    const text = JSON.stringify(now);
    if (text === shown) return;
    shown = text;
    options.onChange(now);
  }

  function wake() {
    woken = true;
    askAt = 0;
    pause.abort();
  }

  function drop(): number | null {
    const term = held?.term ?? null;
    held = null;
    known = null;
    era++;
    show();
    return term;
  }

  async function ask() {
    asking = true;
    woken = false;
    const asked = era;
    const from = readClocks(clock);
    try {
      askAt = clock.monotonic() + (await (held ? renew(held.term, from) : elect(asked, from)));
      failures = 0;
    } catch {
      // Away. What is left of the trust decides how long we go on leading; the others ask less and less often.
      failures += 1;
      askAt = clock.monotonic() + afterFailure();
    } finally {
      asking = false;
      // What was announced while the request was on its way may not be in its answer.
      if (woken) askAt = 0;
      pause.abort();
    }
  }

  /** Both answer after how many ms to ask again. */
  async function renew(term: number, from: ClockReading): Promise<number> {
    const renewed = await renewLease(database, { processId, term, ttlMs });
    if (held?.term !== term) return 0;
    if (!renewed) {
      drop();
      return 0;
    }
    held = { term, from };
    return jittered();
  }

  async function elect(asked: number, from: ClockReading): Promise<number> {
    const answer = await askForLease(database, { processId, ttlMs });
    if (asked !== era || mode !== 'running') {
      if (answer.kind === 'won') await resignLease(database, { processId, term: answer.term });
      return 0;
    }
    if (answer.kind === 'won') {
      held = { term: answer.term, from };
      known = null;
      return jittered();
    }
    known = answer.leader;
    // Not later than the lease can run out, or a dead leader's place would stay empty for a whole pause more.
    return Math.min(jittered(), Math.max(0, answer.leftMs) + random() * (renewMs / 20));
  }

  function afterFailure(): number {
    const soon = Math.min(1_000, renewMs);
    if (held) return soon;
    // Spread by chance: all consoles have lost the database at one instant.
    return Math.min(soon * 2 ** Math.min(failures - 1, 5), longestPauseMs) * (0.5 + random() / 2);
  }

  const jittered = () => renewMs * (0.8 + random() * 0.4);

  const listener = database.listen(
    leaseChannel,
    () => wake(),
    () => {},
  );

  async function run() {
    while (mode !== 'closed') {
      pause = new AbortController();
      if (held && !trusted()) {
        drop();
        askAt = 0;
      }
      show();
      // Asked beside this loop: a request that hangs must not keep us from noticing that trust has ended.
      if (mode === 'running' && !asking && clock.monotonic() >= askAt) void ask();
      const untilTrustEnds = held ? trustLeft(clock, held.from, trustMs) : Infinity;
      const untilAsk = asking || mode === 'suspended' ? Infinity : askAt - clock.monotonic();
      const waitMs = Math.max(1, Math.min(500, untilTrustEnds, untilAsk));
      await clock.sleep(waitMs, pause.signal).catch(() => {});
    }
  }

  /** Gives the lease back; not reached, it runs out by itself. */
  async function giveBack(term: number | null) {
    if (term !== null) await resignLease(database, { processId, term }).catch(() => {});
  }

  // Not at once: the caller must have its leader in hand before it is told of anything.
  const running = Promise.resolve().then(run);
  return {
    isLeader: trusted,
    term: () => (held && trusted() ? held.term : null),
    state,
    suspend() {
      if (mode === 'running') mode = 'suspended';
      void giveBack(drop());
    },
    resume() {
      void giveBack(drop());
      if (mode === 'suspended') mode = 'running';
      wake();
    },
    async close() {
      mode = 'closed';
      const term = drop();
      pause.abort();
      await Promise.all([giveBack(term), running, listener.close()]);
    },
  };
}
