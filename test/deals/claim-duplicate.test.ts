import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../src/main/clock.ts';
import { claimDuplicate, releaseClaims, type Onlooker } from '../../src/main/deals/claim-duplicate.ts';
import { liveClaims } from '../../src/main/deals/claims-store.ts';
import { resolveDuplicate } from '../../src/main/deals/resolve-duplicate.ts';
import { currentSeq, readChanges } from '../../src/main/system/change-log.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
let cases: number[] = [];
let people: Onlooker[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(() => begin());

/** Three cases, none looked at, and three people at consoles of their own. */
async function begin(): Promise<void> {
  await database.query('delete from pending_duplicates');
  await database.query('delete from deals');
  const added = await database.query<{ id: number }>(
    `insert into pending_duplicates (lead_id, new_user_id, new_order_date, new_multi_deals, new_status, new_data, state_key, reasons, detected_at)
     select 'lead ' || n, 1, now(), 1, 'success', '{}', 'key ' || n, '{agent}', now() from generate_series(1, 3) n
     returning id`,
  );
  cases = added.rows.map((row) => row.id);
  people = ['anna', 'bertil', 'cecilia'].map((actor) => ({ database, processId: randomUUID(), actor }));
}

const lookers = async () =>
  Object.fromEntries((await liveClaims(database)).map((claim) => [claim.duplicateId, claim.actor]));
const expire = () =>
  database.query(`update duplicate_claims set until = clock_timestamp() - interval '1 second'`);
const decide = (id: number, actor: string) =>
  resolveDuplicate(
    { database, clock: systemClock(), timeZone: 'Europe/Stockholm', actor, console: 'console 1@north' },
    { id, version: 1, action: 'approve' },
  );

test('whoever looks first has the claim until it is over; renewing tells nobody', async () => {
  const [anna, bertil] = people as [Onlooker, Onlooker];
  const [id] = cases as [number];
  expect(await claimDuplicate(anna, id)).toBe(true);
  const seq = await currentSeq(database);
  expect(await claimDuplicate(anna, id)).toBe(true);
  expect(await claimDuplicate(bertil, id)).toBe(false);
  expect(await currentSeq(database)).toBe(seq);
  await expire();
  expect(await claimDuplicate(bertil, id)).toBe(true);
  expect(await lookers()).toEqual({ [id]: 'bertil' });
});

test('a claim lasts two minutes by the database’s clock', async () => {
  await claimDuplicate(people[0]!, cases[0]!);
  const left = await database.query<{ seconds: number }>(
    'select extract(epoch from until - clock_timestamp())::int as seconds from duplicate_claims',
  );
  expect(left.rows[0]!.seconds).toBeGreaterThan(100);
  expect(left.rows[0]!.seconds).toBeLessThanOrEqual(120);
});

test('two people who change places at once do not wait for each other', async () => {
  const [anna, bertil] = people as [Onlooker, Onlooker];
  const [first, second] = cases as [number, number];
  for (let round = 0; round < 20; round++) {
    await claimDuplicate(anna, first);
    await claimDuplicate(bertil, second);
    await Promise.all([claimDuplicate(anna, second), claimDuplicate(bertil, first)]);
    expect(Object.keys(await lookers()).length).toBeLessThanOrEqual(2);
    await Promise.all(people.map(releaseClaims));
  }
  const deadlocks = await database.query<{ deadlocks: number }>(
    'select deadlocks from pg_stat_database where datname = current_database()',
  );
  expect(deadlocks.rows[0]!.deadlocks).toBe(0);
});

test('a case that is not there, or is decided, is nobody’s', async () => {
  expect(await claimDuplicate(people[0]!, 2_000_000_000)).toBe(false);
  await decide(cases[0]!, 'bertil');
  expect(await claimDuplicate(people[0]!, cases[0]!)).toBe(false);
  expect(await lookers()).toEqual({});
});

type Step =
  | { do: 'claim'; who: number; which: number }
  | { do: 'release'; who: number }
  | { do: 'decide'; who: number; which: number }
  | { do: 'expire' };
const one = fc.nat({ max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('claim' as const), who: one, which: one }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('release' as const), who: one }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('decide' as const), who: one, which: one }) },
  { weight: 1, arbitrary: fc.constant({ do: 'expire' as const }) },
);

/** What people would say among themselves: who looks at which case. */
interface Model {
  looking: Map<number, string>;
  decided: Set<number>;
}

/** Carries one step out on both; answers whether what others see moved. */
async function carryOut(model: Model, now: Step): Promise<void> {
  if (now.do === 'expire') {
    await expire();
    return model.looking.clear();
  }
  const person = people[now.who]!;
  const leave = () => {
    for (const [id, actor] of model.looking) if (actor === person.actor) model.looking.delete(id);
  };
  if (now.do === 'release') {
    await releaseClaims(person);
    return leave();
  }
  const id = cases[now.which]!;
  if (now.do === 'decide') {
    // Whoever looks at it: only the case itself decides whether it can be decided.
    const done = await decide(id, person.actor).then(
      () => true,
      () => false,
    );
    expect(done).toBe(!model.decided.has(id));
    model.decided.add(id);
    return void model.looking.delete(id);
  }
  const holder = model.looking.get(id);
  const gets = !model.decided.has(id) && (holder === undefined || holder === person.actor);
  expect(await claimDuplicate(person, id)).toBe(gets);
  for (const [other, actor] of model.looking)
    if (actor === person.actor && other !== id) model.looking.delete(other);
  if (gets) model.looking.set(id, person.actor);
}

test('any history of looking, leaving, deciding and running out is what a model of it says, and is told', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      await begin();
      const model: Model = { looking: new Map(), decided: new Set() };
      for (const now of steps) {
        const before = JSON.stringify([...model.looking].sort());
        const seq = await currentSeq(database);
        await carryOut(model, now);
        expect(await lookers()).toEqual(Object.fromEntries(model.looking));
        const told = (await readChanges(database, seq, 50)).some(
          ({ kind }) => kind === 'claims' || kind === 'duplicates',
        );
        const moved = JSON.stringify([...model.looking].sort()) !== before;
        if (now.do !== 'expire' && moved) expect(told).toBe(true);
        if ((now.do === 'claim' || now.do === 'release') && !moved) expect(told).toBe(false);
      }
    }),
    { numRuns: 60 },
  );
});
