import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createModeCache } from '../../src/main/system/mode.ts';
import { readAndNoteMode } from '../../src/main/system/mode-store.ts';
import { getMode } from '../../src/main/system/answer-mode.ts';
import { verifyAudit } from '../../src/main/system/audit.ts';
import { followChanges } from '../../src/main/system/change-log.ts';
import type { Database } from '../../src/main/storage/postgres.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { systemClock } from '../../src/main/clock.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.query(`delete from system_config where key = 'mode'`);
  await database.query('delete from processes');
  await database.query('delete from system_health_logs');
});

/** A promise and what resolves it. */
function signalled() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve: () => resolve() };
}

const by = { confirmed: true, actor: 'anna', console: 'test 1' };

async function addProcess(): Promise<string> {
  const id = randomUUID();
  await database.query(
    `insert into processes (id, kind, host, pid, version) values ($1, 'console', 'north', 7, '0')`,
    [id],
  );
  return id;
}

/** The database, counting what is asked of it; away when told. */
function counted() {
  const state = { queries: 0, isAway: false };
  const count = <T>(run: () => Promise<T>): Promise<T> => {
    state.queries += 1;
    return state.isAway ? Promise.reject(new Error('away')) : run();
  };
  const wrapped: Database = {
    ...database,
    query: (...given) => count(() => database.query(...given)),
    vital: { query: (...given) => count(() => database.vital.query(...given)) },
    transaction: (...given) => count(() => database.transaction(...given)),
  };
  return { state, database: wrapped };
}

it('costs one query for a hundred reads in 60 s, at once or one after the other', async () => {
  const clock = createFakeClock();
  const { state, database: asked } = counted();
  const mode = createModeCache({ database: asked, clock, processId: await addProcess() });
  await Promise.all(Array.from({ length: 50 }, () => mode.read()));
  for (let n = 0; n < 50; n++) {
    clock.setWall(clock.wall() + 1);
    await clock.advance(1_190);
    expect((await mode.read()).mode).toBe('async_queue');
  }
  expect(state.queries).toBe(1);
  await clock.advance(1_000);
  await mode.read();
  expect(state.queries).toBe(2);
});

it('a switch needs a confirmation, is audited, raises SWITCH once, and is told to everybody', async () => {
  const mode = createModeCache({ database, clock: systemClock(), processId: await addProcess() });
  await expect(mode.set('sync_direct', { ...by, confirmed: false })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  });
  expect((await mode.read()).mode).toBe('async_queue');
  expect(await mode.set('sync_direct', by)).toBe(true);
  expect(await mode.set('sync_direct', by)).toBe(false);
  expect(await mode.read()).toMatchObject({ mode: 'sync_direct', believed: false });
  const raised = await database.query<{ type: string; message: string }>(
    'select event_type as type, message from system_health_logs',
  );
  expect(raised.rows).toMatchObject([
    { type: 'SWITCH', message: 'anna switched the mode from async_queue to sync_direct.' },
  ]);
  const audited = await database.query(
    `select actor, before, after from audit_log where action = 'mode.switch' order by id desc limit 1`,
  );
  expect(audited.rows).toEqual([
    { actor: 'anna', before: { mode: 'async_queue' }, after: { mode: 'sync_direct' } },
  ]);
  expect(await verifyAudit(database)).toMatchObject({ ok: true });
});

it('is dropped in another process by the change stream, and the list says who believes what', async () => {
  const clock = systemClock();
  const [here, there] = [await addProcess(), await addProcess()];
  const ours = createModeCache({ database, clock, processId: here });
  const theirs = createModeCache({ database, clock, processId: there });
  await ours.read();
  await theirs.read();
  const heard = signalled();
  const { rows } = await database.query<{ seq: number }>('select seq from change_counter');
  const follower = followChanges({
    ...{ database, clock, after: rows[0]!.seq },
    onChanges(changes) {
      if (!changes.some(({ kind }) => kind === 'mode')) return;
      theirs.drop();
      heard.resolve();
    },
  });
  try {
    await ours.set('sync_direct', by);
    const before = await getMode({ database, mode: ours, processId: here });
    expect(before.processes.find(({ id }) => id === here)).toMatchObject({ mode: 'sync_direct', self: true });
    await heard.promise;
    expect((await theirs.read()).mode).toBe('sync_direct');
    const after = await getMode({ database, mode: ours, processId: here });
    expect(after.processes.map(({ mode }) => mode)).toEqual(['sync_direct', 'sync_direct']);
  } finally {
    await follower.close();
  }
});

it('believes the last one while the database is away, says so, and cannot be switched', async () => {
  const clock = createFakeClock();
  const { state, database: asked } = counted();
  const mode = createModeCache({ database: asked, clock, processId: await addProcess() });
  await mode.set('sync_direct', by);
  await mode.read();
  state.isAway = true;
  await clock.advance(61_000);
  expect(await mode.read()).toMatchObject({ mode: 'sync_direct', believed: true });
  await expect(mode.set('async_queue', by)).rejects.toThrow('away');
  const { queries } = state;
  for (let n = 0; n < 100; n++) await mode.read();
  expect(state.queries).toBe(queries);
  state.isAway = false;
  await clock.advance(1_000);
  expect(await mode.read()).toMatchObject({ mode: 'sync_direct', believed: false });
});

/** What a cache says after a switch that came while its question was under way. */
async function afterLateAnswer(
  make: (database: Database, processId: string) => { read(): Promise<{ mode: string }>; drop(): void },
): Promise<string> {
  const [gate, answered] = [signalled(), signalled()];
  const slow: Database = {
    ...database,
    vital: {
      async query(...given) {
        const answer = await database.vital.query(...given);
        answered.resolve();
        await gate.promise;
        return answer as never;
      },
    },
  };
  const mode = make(slow, await addProcess());
  const early = mode.read();
  await answered.promise;
  await createModeCache({ database, clock: createFakeClock(), processId: randomUUID() }).set(
    'sync_direct',
    by,
  );
  mode.drop();
  gate.resolve();
  await early;
  return (await mode.read()).mode;
}

it('does not keep an answer that was asked for before a switch', async () => {
  const clock = createFakeClock();
  expect(
    await afterLateAnswer((slow, processId) => createModeCache({ database: slow, clock, processId })),
  ).toBe('sync_direct');
});

it('the proofs fail for a cache that keeps whatever answer comes, and for one that asks each time', async () => {
  const keepsAll = (slow: Database, processId: string) => {
    let known: { mode: string } | null = null;
    return {
      read: async () => (known ??= { mode: await readAndNoteMode(slow, processId, 'async_queue') }),
      drop: () => void (known = null),
    };
  };
  expect(await afterLateAnswer(keepsAll)).toBe('async_queue');
  const { state, database: asked } = counted();
  const id = await addProcess();
  for (let n = 0; n < 100; n++) await readAndNoteMode(asked, id, 'async_queue');
  expect(state.queries).toBe(100);
});
