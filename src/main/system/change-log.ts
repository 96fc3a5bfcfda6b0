import type { Change, ChangeData, ChangeKind } from '../../shared/contract/changes.ts';
import { readChange } from '../../shared/contract/changes.ts';
import type { Clock } from '../clock.ts';
import type { Database, Queryable, Transaction } from '../storage/postgres.ts';

/** NOTIFY channel; its payload is the newest number, but only the table is the truth. */
export const changeChannel = 'opsdeck_changes';

/**
 * Writes one entry and answers its number. To be the last writes of a transaction (audit entries come before): the
 * counter's row stays locked until COMMIT, which is what makes numbers follow commit order without gaps. A
 * sequence numbers by start instead, and a reader that saw the higher number misses the lower one for ever.
 */
export async function appendChange<Kind extends ChangeKind>(
  tx: Transaction,
  kind: Kind,
  data: ChangeData<Kind>,
): Promise<number> {
  const appended = await tx.query<{ seq: number }>(
    `with next as (update change_counter set seq = seq + 1 where id = 1 returning seq),
          entry as (insert into change_log (seq, kind, data) select seq, $1, $2 from next returning seq)
     select seq, pg_notify('${changeChannel}', seq::text) from entry`,
    [kind, JSON.stringify(data)],
    'append-change',
  );
  return appended.rows[0]!.seq;
}

/** Number of the newest committed entry; 0 when there never was one. */
export async function currentSeq(db: Queryable): Promise<number> {
  const found = await db.query<{ seq: number }>('select seq from change_counter where id = 1');
  return found.rows[0]?.seq ?? 0;
}

/** Up to `limit` entries after a number, in order. Entries that this program cannot read have kind `unknown`. */
export async function readChanges(db: Queryable, after: number, limit: number): Promise<Change[]> {
  return (await readPage(db, after, limit)).changes;
}

/** One page and the newest number, from one snapshot: a missing entry shows as a gap between them. */
export async function readPage(
  db: Queryable,
  after: number,
  limit: number,
): Promise<{ head: number; changes: Change[] }> {
  const page = await db.query<{ head: number; seq: number | null; at: Date; kind: string; data: unknown }>(
    `select c.seq as head, l.seq, l.at, l.kind, l.data
       from change_counter c
       left join lateral (select * from change_log where seq > $1 order by seq limit $2) l on true
      where c.id = 1
      order by l.seq`,
    [after, limit],
  );
  const changes = page.rows.flatMap(({ seq, at, kind, data }) =>
    seq === null ? [] : [readChange({ seq, at, kind, data })],
  );
  return { head: page.rows[0]?.head ?? 0, changes };
}

/**
 * Removes entries older than `keepMs` (7 days), always from the beginning so that no hole is left inside; answers
 * how many. A reader that was away for longer is told to load anew.
 */
export async function pruneChanges(database: Database, keepMs = 7 * 86_400_000): Promise<number> {
  const pruned = await database.query(
    `delete from change_log where seq <=
       (select max(seq) from change_log where at < clock_timestamp() - $1 * interval '1 millisecond')`,
    [keepMs],
  );
  return pruned.rowCount ?? 0;
}

/**
 * How fresh a follower is. `live`: told of each commit at once; `polling`: deaf to notifications, up to 3 s late;
 * `away`: the last read failed, or nothing has come back for too long, and it tries on.
 */
export type FollowState = 'live' | 'polling' | 'away';

export interface FollowOptions {
  database: Database;
  clock: Clock;
  /** Number of the last entry already known: `currentSeq` as read *before* what is kept up to date was loaded. */
  after: number;
  /** Gets every later entry once, in order; the next list waits until it has settled. */
  onChanges(changes: Change[]): void | Promise<void>;
  /** Entries after the last delivered are not there any more (pruned, or another database): load everything anew. */
  onReset?(seq: number): void | Promise<void>;
  onState?(state: FollowState): void;
  /** A failure of one of the callbacks; following goes on with the next entries. */
  onError?(error: unknown): void;
  /** Pause between reads without a notification, in ms (3 000). */
  pollMs?: number;
}

export interface Follower {
  /** Number of the last entry handed over. */
  position(): number;
  /** Ends following; resolves when no callback will come any more. */
  close(): Promise<void>;
}

const pageSize = 500;
/** A deaf follower that is not done after this has nobody to talk to, in ms. */
const stuckMs = 2_500;

/** Follows the change log: NOTIFY only wakes it, the numbers decide what is handed over. */
export function followChanges(options: FollowOptions): Follower {
  const { database, clock } = options;
  let position = options.after;
  let closed = false;
  let listening = false;
  let woken = false;
  let state: FollowState | undefined;
  let pause = new AbortController();
  let workingSince: number | null = null;
  let watching = false;
  const ended = new AbortController();

  const listener = database.listen(changeChannel, wake, (now) => {
    const isAnother = now !== listening;
    listening = now;
    if (!now && !watching) void watchStuck();
    // Whatever was committed while we were deaf was not announced to us. That we still are is no reason to ask anew.
    if (isAnother) wake();
  });

  function wake() {
    woken = true;
    pause.abort();
  }

  function show(next: FollowState) {
    if (next === state || closed) return;
    state = next;
    options.onState?.(next);
  }

  async function guarded(run: () => void | Promise<void>) {
    try {
      await run();
    } catch (error) {
      options.onError?.(error);
    }
  }

  async function catchUp() {
    for (;;) {
      workingSince = clock.monotonic();
      const { head, changes } = await readPage(database, position, pageSize);
      if (closed) return;
      const first = changes[0]?.seq ?? head + 1;
      if (first !== position + 1 || head < position) {
        position = changes[0] ? first - 1 : head;
        await guarded(() => options.onReset?.(position));
      }
      if (changes.length > 0) {
        position = changes.at(-1)!.seq;
        await guarded(() => options.onChanges(changes));
      }
      if (closed || position >= head) return;
    }
  }

  /** A read, or a receiver's own, that hangs in a dead connection takes long to fail; that we are deaf tells sooner. */
  async function watchStuck() {
    watching = true;
    while (!listening && !closed) {
      await clock.sleep(stuckMs / 5, ended.signal).catch(() => {});
      const stuck = workingSince !== null && clock.monotonic() - workingSince > stuckMs;
      if (stuck && !listening) show('away');
    }
    watching = false;
  }

  async function run() {
    while (!closed) {
      woken = false;
      pause = new AbortController();
      try {
        await catchUp();
        show(listening ? 'live' : 'polling');
      } catch {
        show('away');
      }
      workingSince = null;
      if (!woken && !closed) await clock.sleep(options.pollMs ?? 3_000, pause.signal).catch(() => {});
    }
  }

  const running = run();
  return {
    position: () => position,
    async close() {
      closed = true;
      pause.abort();
      ended.abort();
      await Promise.all([running, listener.close()]);
    },
  };
}
