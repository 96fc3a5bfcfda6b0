import { randomUUID } from 'node:crypto';
import type { KeptAccount, KeptDecision, KeptOutcome, KeptState } from '../../shared/contract/outbox.ts';
import type { Clock } from '../clock.ts';
import { isSameDatabase } from '../database-identity.ts';
import { OpsdeckError } from '../errors.ts';
import type { SharedDurableFile } from '../storage/durable-file.ts';
import type { Sqlite } from '../storage/sqlite.ts';
import type { AccountPayload, DecisionPayload, Kept } from './kept-decision.ts';
import { decideAgain } from './offer-again.ts';
import * as store from './outbox-store.ts';

/** Settled decisions are listed so long, and kept so long, in ms. */
const listedMs = 7 * 86_400_000;
const keptMs = 90 * 86_400_000;

/**
 * Decisions made while the database was away, on disk in the durable file, and a note of those carried out at once, for
 * the case that a restore undoes them. `databaseId` names a database and its life.
 */
export interface Outbox {
  /**
   * Keeps a decision; on disk when this returns its id. CONFLICT when one on this case waits already; DATABASE_AWAY
   * where it could not be written: nothing is saved then.
   */
  keep(databaseId: string, decision: DecisionPayload, decisionId?: string): string;
  /**
   * Keeps a request for an account; on disk when this returns its id, which is that of the same request where it waits
   * already. CONFLICT when one for this email waits with other details; DATABASE_AWAY where it could not be written.
   */
  keepAccount(databaseId: string, request: AccountPayload): string;
  /** The waiting ones of a database after a place in the order, oldest first, damaged ones among them. */
  waiting(databaseId: string, after: number, limit: number): Kept[];
  /** Numbers of the cases on which a decision waits; none where the file cannot be read: the database is asked then. */
  waitingCases(databaseId: string): ReadonlySet<number>;
  /** Notes a decision that was carried out at once. */
  noteDone(databaseId: string, decisionId: string, decision: DecisionPayload, outcome: KeptOutcome): void;
  /** Forgets notes of decisions on a case: they were taken back. */
  forgetDone(databaseId: string, id: number): void;
  /** What waits or was carried out in earlier lives of a database, oldest first. */
  ofEarlierLives(databaseId: string): Kept[];
  /**
   * Keeps a decision that a restore undid once more, under a new id, for the life it was looked at in. CONFLICT where the
   * case is another than was decided.
   */
  sendAgain(databaseId: string, decisionId: string): string;
  settle(decisionId: string, state: Exclude<KeptState, 'waiting'>, outcome: KeptOutcome | null): void;
  /** Counts a try that failed although the database answered; answers how many there were. */
  noteTry(decisionId: string): number;
  list(databaseId: string | null): KeptDecision[];
  /** The same of requests for accounts. */
  listAccounts(databaseId: string | null): KeptAccount[];
  dismiss(decisionId: string): boolean;
  /** Told after each of the above that moved something. */
  onMoved(listener: () => void): () => void;
}

export function createOutbox(durable: SharedDurableFile, clock: Clock): Outbox {
  const listeners = new Set<() => void>();
  let waitingIds: { databaseId: string; ids: Set<number> } | null = null;

  const moved = () => {
    for (const listener of listeners) listener();
  };
  const readWaiting = (databaseId: string) => {
    if (waitingIds?.databaseId !== databaseId)
      waitingIds = { databaseId, ids: new Set(store.waitingCases(durable.open(), databaseId)) };
    return waitingIds.ids;
  };
  const waitingCases = (databaseId: string): ReadonlySet<number> => {
    try {
      return readWaiting(databaseId);
    } catch {
      // The sender says why; a case shown though a decision on it waits is caught by its version.
      return new Set();
    }
  };

  const headOf = (decisionId: string, databaseId: string) => ({
    decisionId,
    databaseId,
    madeAt: new Date(clock.wall()),
  });
  function keepOnDisk(what: 'decision' | 'request', write: (sqlite: Sqlite) => void): void {
    try {
      write(durable.open());
    } catch (error) {
      if (error instanceof OpsdeckError && error.code === 'CONFLICT') throw error;
      // The next one finds the file looked at anew, or begun anew.
      durable.close();
      throw notKept(what, error);
    }
  }
  /** Waiting ones in order, then the others, the latest settled first. */
  function listed(): Kept[] {
    const sqlite = durable.open();
    store.pruneKept(sqlite, new Date(clock.wall() - keptMs));
    const all = store.listKept(sqlite, new Date(clock.wall() - listedMs));
    const waits = all.filter((kept) => kept.state === 'waiting');
    const ended = all
      .filter((kept) => kept.state !== 'waiting')
      .sort((a, b) => (b.settledAt?.getTime() ?? 0) - (a.settledAt?.getTime() ?? 0) || b.seq - a.seq);
    return [...waits, ...ended];
  }

  return {
    keep(databaseId, decision, decisionId = randomUUID()) {
      keepOnDisk('decision', (sqlite) => {
        if (readWaiting(databaseId).has(decision.id)) throw waitsAlready(decision.id);
        store.insertKept(sqlite, headOf(decisionId, databaseId), decision);
      });
      waitingIds?.ids.add(decision.id);
      moved();
      return decisionId;
    },
    keepAccount(databaseId, request) {
      let id: string = randomUUID();
      keepOnDisk('request', (sqlite) => {
        const before = store
          .waitingAccounts(sqlite, databaseId)
          .find(({ payload }) => payload.key === request.key || sameEmail(payload, request));
        if (before && !isSameRequest(before.payload, request)) throw asksOtherwise(request.email);
        if (before) id = before.decisionId;
        else store.insertKept(sqlite, headOf(id, databaseId), request);
      });
      moved();
      return id;
    },
    waiting: (databaseId, after, limit) => store.waitingKept(durable.open(), databaseId, after, limit),
    waitingCases,
    noteDone(databaseId, decisionId, decision, outcome) {
      const head = { decisionId, databaseId, madeAt: new Date(clock.wall()) };
      store.insertDone(durable.open(), head, decision, outcome);
    },
    forgetDone: (databaseId, id) => store.deleteDone(durable.open(), databaseId, id),
    ofEarlierLives: (databaseId) =>
      store
        .keptElsewhere(durable.open(), databaseId)
        .filter((kept) => isSameDatabase(kept.databaseId, databaseId)),
    sendAgain(databaseId, decisionId) {
      const kept = store.readKept(durable.open(), decisionId);
      const again = kept && isSameDatabase(kept.databaseId, databaseId) && decideAgain(kept);
      if (!again) throw notTheSame();
      const newId = this.keep(databaseId, again);
      store.dismissKept(durable.open(), decisionId);
      moved();
      return newId;
    },
    settle(decisionId, state, outcome) {
      waitingIds = null;
      store.settleKept(durable.open(), decisionId, { state, outcome, at: new Date(clock.wall()) });
      moved();
    },
    noteTry(decisionId) {
      const tries = store.noteTry(durable.open(), decisionId);
      moved();
      return tries;
    },
    list: (databaseId) =>
      listed().flatMap((kept) => (kept.payload?.kind === 'account' ? [] : [viewOf(kept, databaseId)])),
    listAccounts: (databaseId) =>
      listed().flatMap((kept) =>
        kept.payload?.kind === 'account' ? [accountViewOf(kept, kept.payload, databaseId)] : [],
      ),
    dismiss(decisionId) {
      const dismissed = store.dismissKept(durable.open(), decisionId);
      if (dismissed) moved();
      return dismissed;
    },
    onMoved(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function viewOf(kept: Kept, databaseId: string | null): KeptDecision {
  const payload = kept.payload?.kind === 'decision' ? kept.payload : null;
  return {
    decision_id: kept.decisionId,
    duplicate_id: payload?.id ?? null,
    action: payload?.action ?? null,
    fields: payload?.fields ?? null,
    note: payload?.note ?? null,
    actor: payload?.actor ?? null,
    made_at: kept.madeAt.toISOString(),
    state: kept.state,
    tries: kept.tries,
    settled_at: kept.settledAt?.toISOString() ?? null,
    outcome: kept.outcome,
    seen: payload?.seen ?? null,
    elsewhere: databaseId !== null && !isSameDatabase(kept.databaseId, databaseId),
    again: decideAgain(kept) !== null,
  };
}

function accountViewOf(kept: Kept, payload: AccountPayload, databaseId: string | null): KeptAccount {
  return {
    decision_id: kept.decisionId,
    key: payload.key,
    email: payload.email,
    name: payload.name,
    plan: payload.plan,
    actor: payload.actor,
    made_at: kept.madeAt.toISOString(),
    state: kept.state,
    tries: kept.tries,
    settled_at: kept.settledAt?.toISOString() ?? null,
    message: kept.outcome?.message ?? null,
    elsewhere: databaseId !== null && kept.databaseId !== databaseId,
  };
}

function sameEmail(one: AccountPayload, other: AccountPayload): boolean {
  return one.email.toLowerCase() === other.email.toLowerCase();
}

function isSameRequest(one: AccountPayload, other: AccountPayload): boolean {
  return one.key === other.key && sameEmail(one, other) && one.name === other.name && one.plan === other.plan;
}

function asksOtherwise(email: string): OpsdeckError {
  return new OpsdeckError(
    'CONFLICT',
    `Another request for ${email}, or under this key, waits on this console already. Nothing was kept.`,
  );
}

function waitsAlready(id: number): OpsdeckError {
  return new OpsdeckError(
    'CONFLICT',
    `Case ${id} was decided on this console already; that decision waits to be sent. Look at it again when the database is back.`,
  );
}

function notTheSame(): OpsdeckError {
  return new OpsdeckError(
    'CONFLICT',
    'The case is not what was decided, or was decided again. Look at it in the queue and decide there.',
  );
}

function notKept(what: 'decision' | 'request', error: unknown): OpsdeckError {
  const why = error instanceof Error ? error.message : String(error);
  return new OpsdeckError(
    'DATABASE_AWAY',
    `The database is away, and the ${what} could not be kept on this computer either (${why}). Nothing was saved: see that the disk has room and can be written, then ${what === 'decision' ? 'decide' : 'ask'} again.`,
    { cause: error },
  );
}
