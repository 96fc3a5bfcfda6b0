import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../src/main/clock.ts';
import { openDatabase, type Database } from '../../src/main/storage/postgres.ts';
import { renewPermit, takePermit } from '../../src/main/system/permits-store.ts';
import { withPermit, type PermitDeps } from '../../src/main/system/permits.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

const clock = systemClock();
let database: TestDatabase;
let second: Database;

beforeAll(async () => {
  database = await createTestDatabase();
  second = openDatabase({ url: database.url, applicationName: 'second' });
  await database.query('create table probe (who text)');
});
beforeEach(async () => {
  await database.query('truncate sync_permits, probe');
});
afterAll(async () => {
  await second.close();
  await database.drop();
});

function depsOf(holder: string, over: Partial<PermitDeps> = {}): PermitDeps {
  return { database, clock, processId: randomUUID(), holder, ...over };
}
const probes = async () =>
  (await database.query<{ who: string }>('select who from probe order by who')).rows.map((row) => row.who);

test('those who start at the same instant write one after the other', async () => {
  let inside = 0;
  let most = 0;
  const order: string[] = [];
  const one = (name: string, db: Database) =>
    withPermit(depsOf(name, { database: db }), 'deals', { waitMs: 20_000 }, async (permit) => {
      most = Math.max(most, ++inside);
      await permit.transaction((tx) => tx.query('insert into probe values ($1)', [name]));
      await clock.sleep(30);
      inside--;
      order.push(name);
    });
  await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name, i) => one(name, i % 2 ? database : second)));
  expect(most).toBe(1);
  expect(await probes()).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(order).toHaveLength(5);
});

test('sources do not wait for each other', async () => {
  const answer = await withPermit(depsOf('a'), 'deals', { waitMs: 0 }, () =>
    withPermit(depsOf('b'), 'sms', { waitMs: 0 }, async () => 'both'),
  );
  expect(answer).toBe('both');
});

test('whoever waits is told by whom, and past the waiting time gets SYNC_BUSY with name and time', async () => {
  await withPermit(depsOf('cli 4711@desk'), 'deals', { waitMs: 0 }, async () => {
    const told: string[] = [];
    const waiting = withPermit(
      depsOf('b'),
      'deals',
      { waitMs: 600, onWait: (holder) => told.push(holder) },
      async () => 'never',
    );
    await expect(waiting).rejects.toMatchObject({
      code: 'SYNC_BUSY',
      message: expect.stringMatching(
        /^cli 4711@desk has been writing deals since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\./,
      ),
    });
    expect(told).toEqual(['cli 4711@desk']);
  });
});

test('giving up while waiting ends the wait with the reason given', async () => {
  await withPermit(depsOf('a'), 'deals', { waitMs: 0 }, async () => {
    const giveUp = new AbortController();
    setTimeout(() => giveUp.abort(new Error('given up')), 50);
    const waiting = withPermit(
      depsOf('b'),
      'deals',
      { waitMs: 60_000, signal: giveUp.signal },
      async () => 'never',
    );
    await expect(waiting).rejects.toThrow('given up');
  });
});

test('work that fails gives the permit back and its own error on', async () => {
  const failing = withPermit(depsOf('a'), 'deals', { waitMs: 0 }, () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  await expect(withPermit(depsOf('b'), 'deals', { waitMs: 0 }, async () => 'mine')).resolves.toBe('mine');
});

test('a permit that changed hands during the transaction keeps it from committing', async () => {
  const signals: AbortSignal[] = [];
  const writing = withPermit(depsOf('a'), 'deals', { waitMs: 0 }, (permit) => {
    signals.push(permit.signal);
    return permit.transaction(async (tx) => {
      await tx.query(`insert into probe values ('late')`);
      await second.query(`update sync_permits set token = $1`, [randomUUID()]);
    });
  });
  await expect(writing).rejects.toMatchObject({ code: 'PERMIT_LOST' });
  expect(await probes()).toEqual([]);
  expect(signals[0]?.reason).toMatchObject({ code: 'PERMIT_LOST' });
});

test('renewals keep it beyond its length, also while a transaction of it stands before its COMMIT', async () => {
  const key = { source: 'deals', token: randomUUID() };
  expect(await takePermit(database, key, { processId: randomUUID(), holder: 'a', ttlMs: 60_000 })).toBe(true);
  await database.transaction(async (tx) => {
    await tx.query('select 1 from sync_permits where token = $1 for key share', [key.token]);
    expect(await renewPermit(second, key, 0)).toBe(true);
  });
  await database.query('truncate sync_permits');

  await withPermit(depsOf('a', { ttlMs: 600, renewMs: 100 }), 'deals', { waitMs: 0 }, async (permit) => {
    const other = withPermit(
      depsOf('b', { database: second }),
      'deals',
      { waitMs: 1_300 },
      async () => 'never',
    );
    await expect(other).rejects.toMatchObject({ code: 'SYNC_BUSY' });
    expect(permit.signal.aborted).toBe(false);
    await permit.transaction((tx) => tx.query(`insert into probe values ('a')`));
  });
  expect(await probes()).toEqual(['a']);
});

test.each(['fails', 'hangs'])('a permit whose renewal %s is given up before it runs out', async (how) => {
  let cut = false;
  const query: Database['query'] = (sql, values) => {
    if (!cut || !sql.includes('set expires_at')) return database.query(sql, values);
    return how === 'fails' ? Promise.reject(new Error('away')) : new Promise(() => {});
  };
  const deps = depsOf('a', { database: { ...database, query }, ttlMs: 900, renewMs: 100 });
  await withPermit(deps, 'deals', { waitMs: 0 }, async (permit) => {
    cut = true;
    await once(permit.signal, 'abort');
    const left = await second.query<{ ms: number }>(
      `select extract(epoch from expires_at - clock_timestamp())::float8 * 1000 as ms from sync_permits`,
    );
    expect(left.rows[0]!.ms).toBeGreaterThan(0);
    const write = permit.transaction((tx) => tx.query(`insert into probe values ('late')`));
    await expect(write).rejects.toMatchObject({ code: 'PERMIT_LOST' });
  });
  expect(await probes()).toEqual([]);
});

test('a wall clock that jumped over the end of the permit loses it', async () => {
  let jump = 0;
  const jumping = { ...clock, wall: () => clock.wall() + jump };
  await withPermit(depsOf('a', { clock: jumping }), 'deals', { waitMs: 0 }, async (permit) => {
    jump = 40_000;
    await once(permit.signal, 'abort');
    expect(permit.signal.reason).toMatchObject({ code: 'PERMIT_LOST' });
  });
});

test('a taker ends the transaction of a holder that stands between its check and COMMIT', async () => {
  const old = { source: 'deals', token: randomUUID() };
  const next = { source: 'deals', token: randomUUID() };
  expect(await takePermit(database, old, { processId: randomUUID(), holder: 'old', ttlMs: 200 })).toBe(true);
  const stuck = database.transaction(async (tx) => {
    await second.query('update sync_permits set backend_pids = array[$1::int]', [tx.backendPid]);
    await tx.query(`insert into probe values ('old')`);
    await tx.query('select 1 from sync_permits where token = $1 for key share', [old.token]);
    await clock.sleep(2_000);
  });
  stuck.catch(() => {});
  await clock.sleep(400);
  const by = { processId: randomUUID(), holder: 'next', ttlMs: 30_000 };
  for (let tries = 0; !(await takePermit(second, next, by)); tries++) {
    expect(tries).toBeLessThan(20);
    await clock.sleep(20);
  }
  await expect(stuck).rejects.toMatchObject({ code: 'DATABASE_AWAY' });
  expect(await probes()).toEqual([]);
});

/** Writes under a permit while the lease goes to a later term; `term` is the one that the writer says it has. */
async function writeAcrossElection(term: number | null) {
  await database.query('update leader_lease set term = 7 where id = 1');
  return withPermit(depsOf('old leader'), 'deals', { waitMs: 0, term }, (permit) =>
    permit.transaction(async (tx) => {
      await tx.query(`insert into probe values ('old term')`);
      await second.query('update leader_lease set term = 8 where id = 1');
    }),
  );
}

test('what the schedule of an earlier leader still writes does not commit, whatever the source', async () => {
  await expect(writeAcrossElection(7)).rejects.toMatchObject({ code: 'PERMIT_LOST' });
  expect(await probes()).toEqual([]);
});

test('…while a person’s pass, and one without its term, do commit', async () => {
  await writeAcrossElection(null);
  expect(await probes()).toEqual(['old term']);
});

test('a renewal of the lease neither waits for a transaction of its term nor keeps it from committing', async () => {
  await database.query('update leader_lease set term = 7 where id = 1');
  await withPermit(depsOf('leader'), 'deals', { waitMs: 0, term: 7 }, (permit) =>
    permit.transaction(async (tx) => {
      await tx.query(`select from leader_lease where id = 1 and term = 7 for key share`);
      await second.query('update leader_lease set renewed_at = now() where id = 1');
    }),
  );
  expect(
    await database.query('select renewed_at from leader_lease where renewed_at is not null'),
  ).toHaveProperty('rowCount', 1);
});

/** Freezes a writer inside its transaction, takes its permit over, writes, and lets it wake. */
async function freezeAndTakeOver(kind: 'permit' | 'naive') {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'permit-holder.ts'), database.url, kind], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const out = createInterface({ input: child.stdout });
  out.on('line', (line) => lines.push(line));
  const closed = once(child, 'close');
  await once(out, 'line');
  child.kill('SIGSTOP');
  await withPermit(depsOf('the next', { database: second }), 'deals', { waitMs: 10_000 }, async (permit) => {
    await permit.transaction((tx) => tx.query(`insert into probe values ('next')`));
    child.kill('SIGCONT');
    await closed;
  });
  return { lines, written: await probes() };
}

test('a frozen holder that wakes after a takeover cannot commit', async () => {
  expect(await freezeAndTakeOver('permit')).toEqual({ lines: ['open', 'PERMIT_LOST'], written: ['next'] });
});

test('…while a writer that does not check its permit last does commit', async () => {
  expect(await freezeAndTakeOver('naive')).toEqual({
    lines: ['open', 'committed'],
    written: ['frozen', 'next'],
  });
});
