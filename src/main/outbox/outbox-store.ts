import { keptOutcome, keptState, type KeptOutcome, type KeptState } from '../../shared/contract/outbox.ts';
import type { Sqlite } from '../storage/sqlite.ts';
import {
  checksumOf,
  keptPayload,
  type AccountPayload,
  type DecisionPayload,
  type Kept,
  type KeptHead,
  type KeptPayload,
} from './kept-decision.ts';

interface Row {
  seq: number;
  decision_id: string;
  database_id: string;
  payload: string;
  checksum: string;
  made_at: string;
  state: string;
  tries: number;
  outcome: string | null;
  settled_at: string | null;
}

const columns = 'decision_id, database_id, payload, checksum, made_at, state, tries, outcome, settled_at';

/** Writes a decision down; on disk when the call returns. Throws where it could not be written. */
export function insertKept(sqlite: Sqlite, head: KeptHead, what: KeptPayload): void {
  const payload = JSON.stringify(what);
  const madeAt = head.madeAt.toISOString();
  sqlite
    .prepare(
      `insert into outbox (decision_id, database_id, payload, checksum, made_at, state, tries)
       values (?, ?, ?, ?, ?, 'waiting', 0)`,
    )
    .run(head.decisionId, head.databaseId, payload, checksumOf({ ...head, madeAt }, payload), madeAt);
}

/** Notes a decision that was carried out at once; it is not listed unless a restore undoes it. */
export function insertDone(
  sqlite: Sqlite,
  head: KeptHead,
  decision: DecisionPayload,
  outcome: KeptOutcome,
): void {
  const payload = JSON.stringify(decision);
  const madeAt = head.madeAt.toISOString();
  sqlite
    .prepare(
      `insert into outbox (decision_id, database_id, payload, checksum, made_at, state, tries, outcome, settled_at, dismissed)
       values (?, ?, ?, ?, ?, 'applied', 0, ?, ?, 1) on conflict do nothing`,
    )
    .run(
      head.decisionId,
      head.databaseId,
      payload,
      checksumOf({ ...head, madeAt }, payload),
      madeAt,
      JSON.stringify(outcome),
      madeAt,
    );
}

/** Forgets decisions carried out on a case: they were taken back. */
export function deleteDone(sqlite: Sqlite, databaseId: string, id: number): void {
  sqlite
    .prepare(
      `delete from outbox where database_id = ? and state = 'applied' and dismissed
         and json_valid(payload) and json_extract(payload, '$.id') = ?`,
    )
    .run(databaseId, id);
}

/** What waits, or was carried out, on databases and lives other than the given one, oldest first. */
export function keptElsewhere(sqlite: Sqlite, databaseId: string): Kept[] {
  return sqlite
    .prepare<[string], Row>(
      `select seq, ${columns} from outbox where database_id <> ? and state in ('waiting', 'applied') order by seq`,
    )
    .all(databaseId)
    .map(keptOf);
}

export function readKept(sqlite: Sqlite, decisionId: string): Kept | null {
  const row = sqlite
    .prepare<[string], Row>(`select seq, ${columns} from outbox where decision_id = ?`)
    .get(decisionId);
  return row ? keptOf(row) : null;
}

/** Up to `limit` waiting decisions after a place in the order, oldest first. Damaged ones are among them. */
export function waitingKept(sqlite: Sqlite, databaseId: string, after: number, limit: number): Kept[] {
  return sqlite
    .prepare<[string, number, number], Row>(
      `select seq, ${columns} from outbox where settled_at is null and database_id = ? and seq > ? order by seq limit ?`,
    )
    .all(databaseId, after, limit)
    .map(keptOf);
}

/** All that is kept, oldest first; settled ones of the last `days` only. */
export function listKept(sqlite: Sqlite, settledSince: Date): Kept[] {
  return sqlite
    .prepare<[string], Row>(
      `select seq, ${columns} from outbox where (settled_at is null or settled_at >= ?) and not dismissed order by seq`,
    )
    .all(settledSince.toISOString())
    .map(keptOf);
}

/** Numbers of the cases on which a decision waits. */
export function waitingCases(sqlite: Sqlite, databaseId: string): number[] {
  return waitingKept(sqlite, databaseId, 0, 100_000).flatMap(({ payload }) =>
    payload?.kind === 'decision' ? [payload.id] : [],
  );
}

/** Requests for accounts that wait. */
export function waitingAccounts(
  sqlite: Sqlite,
  databaseId: string,
): { decisionId: string; payload: AccountPayload }[] {
  return waitingKept(sqlite, databaseId, 0, 100_000).flatMap(({ decisionId, payload }) =>
    payload?.kind === 'account' ? [{ decisionId, payload }] : [],
  );
}

/** Says how a decision ended. */
export function settleKept(
  sqlite: Sqlite,
  decisionId: string,
  as: { state: Exclude<KeptState, 'waiting'>; outcome: KeptOutcome | null; at: Date },
): void {
  sqlite
    .prepare('update outbox set state = ?, outcome = ?, settled_at = ?, dismissed = 0 where decision_id = ?')
    .run(as.state, as.outcome && JSON.stringify(as.outcome), as.at.toISOString(), decisionId);
}

/** Counts a try that failed although the database answered; answers how many there were. */
export function noteTry(sqlite: Sqlite, decisionId: string): number {
  return sqlite
    .prepare<[string], { tries: number }>(
      'update outbox set tries = tries + 1 where decision_id = ? returning tries',
    )
    .get(decisionId)!.tries;
}

/** Takes a settled decision off the list; false when it is unknown or still waits. */
export function dismissKept(sqlite: Sqlite, decisionId: string): boolean {
  const changed = sqlite.prepare(
    'update outbox set dismissed = 1 where decision_id = ? and settled_at is not null',
  );
  return changed.run(decisionId).changes > 0;
}

/** Forgets what was settled before an instant. */
export function pruneKept(sqlite: Sqlite, before: Date): void {
  sqlite.prepare('delete from outbox where settled_at < ?').run(before.toISOString());
}

/**
 * Reads what can still be read of a damaged file's outbox, from both ends towards the damage, and writes what is whole
 * into the new one; answers how many waiting decisions were saved. Never throws over the damaged file.
 */
export function salvageKept(damaged: Sqlite, into: Sqlite): number {
  const rows = new Map<number, Row>();
  for (const direction of ['asc', 'desc']) {
    try {
      const all = damaged.prepare<[], Row>(`select seq, ${columns} from outbox order by seq ${direction}`);
      for (const row of all.iterate()) rows.set(row.seq, row);
    } catch {
      // The rows before the damage are in hand; the other direction brings those behind it.
    }
  }
  const whole = [...rows.values()].filter(isWhole).sort((a, b) => a.seq - b.seq);
  const insert = into.prepare(
    `insert into outbox (seq, ${columns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`,
  );
  into.transaction(() => {
    for (const row of whole)
      insert.run(
        row.seq,
        row.decision_id,
        row.database_id,
        row.payload,
        row.checksum,
        row.made_at,
        row.state,
        row.tries,
        row.outcome,
        row.settled_at,
      );
  })();
  return whole.filter((row) => row.settled_at === null).length;
}

function isWhole(row: Row): boolean {
  const head = { decisionId: row.decision_id, databaseId: row.database_id, madeAt: row.made_at };
  return typeof row.payload === 'string' && checksumOf(head, row.payload) === row.checksum;
}

function keptOf(row: Row): Kept {
  const state = keptState.safeParse(row.state);
  const payload = isWhole(row) ? keptPayload.safeParse(parsed(row.payload)) : null;
  const outcome = keptOutcome.safeParse(parsed(row.outcome));
  return {
    seq: row.seq,
    decisionId: row.decision_id,
    databaseId: row.database_id,
    madeAt: instantOf(row.made_at) ?? new Date(0),
    payload: payload?.success ? payload.data : null,
    // Whatever is whole and not settled is sent: one that was sent before is known there, and done once.
    state: row.settled_at === null ? (payload?.success ? 'waiting' : 'damaged') : (state.data ?? 'applied'),
    tries: row.tries,
    outcome: outcome.success ? outcome.data : null,
    settledAt: row.settled_at === null ? null : instantOf(row.settled_at),
  };
}

function instantOf(text: string): Date | null {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date;
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}
