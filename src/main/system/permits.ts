import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { OpsdeckError } from '../errors.ts';
import type { Database, Transaction, TransactionOptions } from '../storage/postgres.ts';
import { releasePermit, renewPermit, takePermit, whoHolds, type PermitKey } from './permits-store.ts';
import { permitLost, permitTransaction } from './permit-transaction.ts';
import { readClocks, trustLeft, type ClockReading } from './trust.ts';

export interface PermitDeps {
  database: Database;
  clock: Clock;
  /** This process, as in `processes`. */
  processId: string;
  /** Who writes, in words for the people who wait: 'cli 4711@host'. */
  holder: string;
  /** Length of a permit and pause between renewals, in ms; 30 000 and 10 000 outside tests. */
  ttlMs?: number;
  renewMs?: number;
}

export interface PermitOptions {
  /** How long to wait while another has it, in ms; then SYNC_BUSY. */
  waitMs: number;
  signal?: AbortSignal;
  /** The leader's term that the work belongs to: its transactions commit only while no later one has begun. */
  term?: number | null;
  /** Told once for each holder that is waited for. */
  onWait?(holder: string): void;
}

/** The right to write one source. Ends with the work it was given to. */
export interface Permit {
  readonly source: string;
  readonly token: string;
  /** Aborted with PERMIT_LOST when the permit is lost or can no longer be trusted, or with the caller's reason. */
  readonly signal: AbortSignal;
  /**
   * Runs `work` in a transaction that commits only while this permit holds: the token is checked last.
   * PERMIT_LOST: nothing was written.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
}

const pollMs = 250;
/** Longer than the idle time-out that ends a frozen writer which we have no right to end ourselves. */
const graceMs = 8_000;

/**
 * Runs `work` as the only writer of `source` among all processes of this database.
 * SYNC_BUSY when another still has it after `waitMs`; rejects with the signal's reason when given up.
 */
export async function withPermit<T>(
  deps: PermitDeps,
  source: string,
  options: PermitOptions,
  work: (permit: Permit) => Promise<T>,
): Promise<T> {
  const key: PermitKey = { source, token: randomUUID() };
  const grantedAt = await waitForPermit(deps, key, options);
  const lost = new AbortController();
  const settled = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, lost.signal]) : lost.signal;
  const lose = () => lost.abort(permitLost(source));
  const keeping = keepPermit(deps, key, grantedAt, lose, settled.signal);
  try {
    return await work({
      source,
      token: key.token,
      signal,
      transaction: (inner, txOptions) =>
        permitTransaction(
          deps.database,
          { ...key, term: options.term ?? null },
          { signal, lose },
          inner,
          txOptions,
        ),
    });
  } finally {
    settled.abort();
    await keeping;
    // Unreleased it runs out by itself; the work's own result is what the caller must hear.
    await releasePermit(deps.database, key).catch(() => {});
  }
}

/** Takes the permit as soon as it is free; answers the clocks as they were before the request that got it. */
async function waitForPermit(
  deps: PermitDeps,
  key: PermitKey,
  options: PermitOptions,
): Promise<ClockReading> {
  const { database, clock } = deps;
  const deadline = clock.monotonic() + options.waitMs;
  let waitedFor: string | undefined;
  for (;;) {
    options.signal?.throwIfAborted();
    const current = await whoHolds(database, key.source);
    const before = readClocks(clock);
    if (!current && (await takePermit(database, key, { ...deps, ttlMs: ttlOf(deps) }))) return before;
    if (current && current.holder !== waitedFor) options.onWait?.((waitedFor = current.holder));
    const left = deadline - clock.monotonic();
    // Free, yet not taken: another was quicker, or an old writer's lock is just being ended.
    if (left <= (current ? 0 : -graceMs)) throw busy(key.source, current);
    await clock.sleep(current ? Math.max(1, Math.min(pollMs, left)) : 20, options.signal);
  }
}

function busy(source: string, current: { holder: string; since: Date } | null): OpsdeckError {
  const since = current ? ` since ${current.since.toISOString().slice(0, 19).replace('T', ' ')} UTC` : '';
  const holder = current?.holder ?? 'Another process';
  return new OpsdeckError(
    'SYNC_BUSY',
    `${holder} has been writing ${source}${since}. Try again when it is done.`,
  );
}

/** Renews until settled; loses the permit when another took it or when it cannot be trusted any longer. */
async function keepPermit(
  deps: PermitDeps,
  key: PermitKey,
  grantedAt: ClockReading,
  lose: () => void,
  settled: AbortSignal,
): Promise<void> {
  const { database, clock } = deps;
  const ttlMs = ttlOf(deps);
  const renewMs = deps.renewMs ?? 10_000;
  const trustMs = ttlMs - Math.min(1_000, ttlMs / 4);
  let trustedFrom = grantedAt;
  let renewing = false;
  let renewAt = grantedAt.monotonic + renewMs;

  async function renew() {
    const before = readClocks(clock);
    try {
      if (await renewPermit(database, key, ttlMs)) trustedFrom = before;
      else lose();
      renewAt = before.monotonic + renewMs;
    } catch {
      // The database is away. Try again soon; the trust that is left decides, not this failure.
      renewAt = clock.monotonic() + Math.min(1_000, renewMs);
    } finally {
      renewing = false;
    }
  }

  // Renewals run beside this loop: one that hangs must not keep us from noticing that trust has ended.
  while (!settled.aborted) {
    const left = trustLeft(clock, trustedFrom, trustMs);
    if (left <= 0) return lose();
    if (!renewing && clock.monotonic() >= renewAt) {
      renewing = true;
      void renew();
    }
    const untilRenewal = renewing ? 500 : renewAt - clock.monotonic();
    await clock.sleep(Math.max(1, Math.min(500, left, untilRenewal)), settled).catch(() => {});
  }
}

function ttlOf(deps: PermitDeps): number {
  return deps.ttlMs ?? 30_000;
}
