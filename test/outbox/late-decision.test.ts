import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyDecision } from '../../src/main/deals/apply-decision.ts';
import { mostTries, type SendTo } from '../../src/main/outbox/send-outbox.ts';
import type { Database } from '../../src/main/storage/postgres.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import {
  databaseId,
  decision,
  makeLeads,
  noon,
  openCases,
  openOutbox,
  round,
  sendTo,
  zone,
} from './outbox-office.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await makeLeads(database);
});
afterAll(() => database.drop());

/** A decision whose answer never came: its transaction is done but for the COMMIT, which waits for `goOn`. */
async function underWay(id: number, decisionId: string) {
  let goOn!: () => void;
  let written!: () => void;
  const gate = new Promise<void>((resolve) => (goOn = resolve));
  const reached = new Promise<void>((resolve) => (written = resolve));
  const slow: Database = {
    ...database,
    transaction: (work, options) =>
      database.transaction(async (tx) => {
        const result = await work(tx);
        written();
        await gate;
        return result;
      }, options),
  };
  const deps = {
    database: slow,
    clock: { now: () => noon } as never,
    timeZone: zone,
    actor: 'anna',
    console: 'x',
  };
  const committed = applyDecision(deps, decisionId, { id, version: 1, action: 'approve' });
  await reached;
  return { goOn, committed };
}

/** A way on which every answer is lost. */
const lossy = (over: Partial<SendTo> = {}): SendTo => ({
  ...sendTo(database),
  send: () => Promise.reject(new Error('no answer')),
  ...over,
});

async function tryOften(target: SendTo) {
  const [one] = await openCases(database, 1);
  const { outbox } = openOutbox();
  const decisionId = outbox.keep(databaseId, decision(one!, 'approve'));
  const { goOn, committed } = await underWay(one!.id, decisionId);
  for (let n = 1; n < mostTries; n += 1) expect((await round(outbox, target)).ended).toBe('left');
  const last = round(outbox, target);
  setTimeout(goOn, 200);
  await Promise.all([last, committed]);
  return outbox.list(databaseId)[0]!;
}

it('a decision still under way at its last look-up is told as done when it is', async () => {
  expect(await tryOften(lossy())).toMatchObject({ state: 'applied', outcome: { kind: 'done' } });
});

it('…while a sender that only looks tells it as not done, though it is', async () => {
  const naive = lossy({ giveUp: (id) => sendTo(database).find(id) });
  expect(await tryOften(naive)).toMatchObject({ state: 'rejected' });
});

it('one that was told as not done never is, also when what was sent arrives late', async () => {
  const [one] = await openCases(database, 1);
  const { outbox } = openOutbox();
  const decisionId = outbox.keep(databaseId, decision(one!, 'approve'));
  for (let n = 1; n <= mostTries; n += 1) await round(outbox, lossy());
  expect(outbox.list(databaseId)).toMatchObject([{ state: 'rejected', outcome: { kind: 'failed' } }]);
  const deps = { database, clock: { now: () => noon } as never, timeZone: zone, actor: 'anna', console: 'x' };
  await expect(
    applyDecision(deps, decisionId, { id: one!.id, version: 1, action: 'approve' }),
  ).rejects.toMatchObject({ code: 'CONFLICT' });
  const found = await database.query('select status, version from pending_duplicates where id = $1', [
    one!.id,
  ]);
  expect(found.rows).toEqual([{ status: 'pending', version: 1 }]);
});

it('a decision waits on where it cannot be made sure of', async () => {
  const [one] = await openCases(database, 1);
  const { outbox } = openOutbox();
  outbox.keep(databaseId, decision(one!, 'approve'));
  const unsure = lossy({ giveUp: () => Promise.reject(new Error('lock time-out')) });
  for (let n = 0; n < mostTries + 3; n += 1) expect((await round(outbox, unsure)).ended).toBe('left');
  expect(outbox.list(databaseId)).toMatchObject([{ state: 'waiting' }]);
});
