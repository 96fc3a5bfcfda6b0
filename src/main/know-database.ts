import { caseById } from './deals/cases-store.ts';
import { pendingView } from './deals/answer-duplicates.ts';
import { findSent } from './deals/send-decision.ts';
import type { Log } from './log.ts';
import type { Mirror } from './mirror/mirror.ts';
import type { Operations, OperationsEvent } from './operations.ts';
import { offerAgain, type RestoredDatabase } from './outbox/offer-again.ts';
import type { Outbox } from './outbox/outbox.ts';
import { currentSeq } from './system/change-log.ts';
import { readIdentity } from './system/database-epoch.ts';
import { noticeSetBack } from './system/notice-set-back.ts';

export interface KnownDatabase {
  /** The database that is there, with its life; null until it was read, and while it may be another. */
  identity(): string | null;
  /** A decision was kept: one that was made on an earlier life is brought before the person again. */
  kept(): void;
  /** Resolves when nothing is read any more. */
  close(): Promise<void>;
}

/**
 * Knows which database is there and in which life: read at the start and whenever everything may be another (a restore,
 * a gap in the changes, an outage). Another life or database begins the mirror anew, and brings the decisions that it
 * does not hold before the person again.
 */
export function knowDatabase(
  operations: Operations,
  parts: {
    mirror: Mirror;
    outbox: Outbox;
    log: Log;
    tell(sentence: string): void;
    /** It is known; `isAnother`: another database or life than this console knew since it started. */
    onKnown(isAnother: boolean): void;
  },
): KnownDatabase {
  const { mirror, log } = parts;
  let identity: string | null = null;
  let adopted: string | null = null;
  let wasAway = false;
  let isClosed = false;
  let looking: Promise<void> = look();

  async function look(): Promise<void> {
    try {
      const found = await recognise(operations, mirror);
      if (isClosed) return;
      mirror.adopt(found.identity);
      mirror.saw(found.seq);
      await bringUp(operations, found.identity, parts);
      identity = found.identity;
      parts.onKnown(identity !== adopted);
      adopted = identity;
    } catch (error) {
      // Looked at again when the database is back.
      wasAway = true;
      log.warn('Which database is there could not be read', { error: String(error) });
    }
  }

  const unsubscribe = operations.subscribe((event) => {
    if (event.type === 'change' && identity !== null) mirror.saw(event.change.seq);
    if (operations.awaySince() !== null) wasAway = true;
    else if (mayBeAnother(event) || wasAway) {
      wasAway = false;
      // Nothing is sent until it is known again.
      identity = null;
      looking = looking.then(look);
    }
  });
  return {
    identity: () => identity,
    kept() {
      if (identity === null) return;
      const late = parts.outbox.ofEarlierLives(identity).some(({ settledAt }) => settledAt === null);
      if (late) looking = looking.then(look);
    },
    async close() {
      isClosed = true;
      unsubscribe();
      await looking;
    },
  };
}

function mayBeAnother(event: OperationsEvent): boolean {
  return event.type === 'reload' || (event.type === 'change' && event.change.kind === 'restored');
}

/** The identity, after a database that was set back by other means was given a new life. */
async function recognise(operations: Operations, mirror: Mirror): Promise<{ identity: string; seq: number }> {
  const { database } = operations.workspace;
  const last = mirror.identity();
  const seen = mirror.seen();
  if (last !== null && seen > (await currentSeq(database)))
    await noticeSetBack(database, { identity: last, seq: seen });
  // The number first: a restore between the two would else count as seen in the life before.
  const seq = await currentSeq(database);
  const { identity } = await readIdentity(database);
  return { identity, seq };
}

async function bringUp(
  operations: Operations,
  identity: string,
  { outbox, tell }: { outbox: Outbox; tell(sentence: string): void },
): Promise<void> {
  const offered = await offerAgain(outbox, restoredDatabase(operations, identity));
  if (offered === 0) return;
  tell(
    `${offered} ${offered === 1 ? 'decision' : 'decisions'} of this console are not in the restored database. They are listed under Duplicates, Sent later.`,
  );
}

function restoredDatabase(operations: Operations, identity: string): RestoredDatabase {
  const { database } = operations.workspace;
  return {
    identity,
    find: (decisionId) => findSent(database, decisionId),
    async look(id) {
      const row = await caseById(database, id);
      return (
        row && { now: pendingView(row, operations.settings().timeZone), isOpen: row.status === 'pending' }
      );
    },
  };
}
