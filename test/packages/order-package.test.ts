import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  lookUpDue,
  lookUpOrder,
  orderPackage,
  type OrderDeps,
} from '../../src/main/packages/order-package.ts';
import { createRoamifyClient, type RoamifyClient } from '../../src/main/packages/roamify-client.ts';
import type { Fault } from '../../src/main/sandbox/adversus/faults.ts';
import { seededRandom } from '../../src/main/sandbox/seeded-random.ts';
import { openPackageOffice, type PackageOffice } from './package-office.ts';

const swedish = 'esim-sweden-1days-1gb-all';
let office: PackageOffice;
let client: RoamifyClient;
let number = 0;
beforeAll(async () => {
  office = await openPackageOffice();
  await office.pass();
});
afterAll(() => office.close());
beforeEach(() => {
  const patience = { tries: 2, baseMs: 1, capMs: 2, busyTries: 1, busyBaseMs: 1, busyCapMs: 1 };
  const { url, token } = office.vendor;
  client = createRoamifyClient({ baseUrl: url, token, clock: office.clock, patience, timeoutMs: 300 });
});
afterEach(async () => {
  office.vendor.faults.clear();
  Object.assign(office.vendor.switches, {
    outage: false,
    failsAfterTaking: false,
    unknownReference: 'not-found',
  });
  office.vendor.catalogue.restore(swedish);
  await office.database.query('update packages set retired_at = null where retired_at is not null');
});

const deps = (more: Partial<OrderDeps> = {}): OrderDeps => ({
  ...{
    database: office.database,
    clock: office.clock,
    client,
    actor: 'anna',
    pauseMs: 1,
    settleMs: 60_000,
    ...more,
  },
});
const reference = () => `sale-${(number += 1)}`;
const orderFault = (fault: Fault, call?: number) =>
  office.vendor.faults.add({
    path: '/order',
    when: (r) => r.method === 'POST',
    do: fault,
    ...(call ? { call } : {}),
  });
const attemptsOf = async (referenceId: string) =>
  (
    await office.rows<{ kind: string; outcome: string }>(
      `select a.kind, a.outcome from package_order_attempts a join package_orders o on o.id = a.order_id
        where o.reference_id = $1 order by a.number`,
      [referenceId],
    )
  ).map(({ kind, outcome }) => `${kind} ${outcome}`);

describe('an order', () => {
  it('is bought once, however often it is asked for', async () => {
    const ref = reference();
    expect(await orderPackage(deps(), { package: swedish, referenceId: ref })).toMatchObject({
      ...{ state: 'completed', boughtResellerId: swedish, fallback: null, currency: 'USD' },
    });
    const again = await Promise.allSettled(
      [1, 2, 3].map(() => orderPackage(deps(), { package: swedish, referenceId: ref })),
    );
    expect(again.every((one) => one.status === 'fulfilled')).toBe(true);
    expect(office.vendor.orders.bought(ref)).toBe(1);
    await expect(
      orderPackage(deps(), { package: 'esim-greece-1days-1gb-all', referenceId: ref }),
    ).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  });

  it('asked for by many at once is one purchase', async () => {
    const ref = reference();
    await Promise.allSettled(
      Array.from({ length: 6 }, () => orderPackage(deps(), { package: swedish, referenceId: ref })),
    );
    expect(office.vendor.orders.bought(ref)).toBe(1);
  });

  it('whose answer was lost is found by its reference, and not bought again', async () => {
    const ref = reference();
    orderFault({ kind: 'lose-answer' }, 1);
    expect(await orderPackage(deps(), { package: swedish, referenceId: ref })).toMatchObject({
      state: 'completed',
    });
    expect(await attemptsOf(ref)).toEqual(['order lost', 'look-up done']);
    expect(office.vendor.orders.bought(ref)).toBe(1);
  });

  it('that failed although it was taken is found too', async () => {
    const ref = reference();
    office.vendor.switches.failsAfterTaking = true;
    expect(await orderPackage(deps(), { package: swedish, referenceId: ref })).toMatchObject({
      state: 'completed',
    });
    expect(office.vendor.orders.bought(ref)).toBe(1);
  });

  it('in an outage is tried again after each look-up, then ends as failed; asked anew it is bought', async () => {
    const ref = reference();
    office.vendor.switches.outage = true;
    expect(await orderPackage(deps(), { package: swedish, referenceId: ref })).toMatchObject({
      state: 'failed',
    });
    expect(await attemptsOf(ref)).toEqual(
      ['order failed', 'look-up absent', 'check present'].flatMap((_, i, all) =>
        i === 0 ? [...all, ...all, ...all] : [],
      ),
    );
    office.vendor.switches.outage = false;
    expect(await orderPackage(deps(), { package: swedish, referenceId: ref })).toMatchObject({
      state: 'completed',
    });
    expect(office.vendor.orders.bought(ref)).toBe(1);
  });

  it('of a package that the supplier no longer has is left to a person, and no other country is bought', async () => {
    const ref = reference();
    office.vendor.catalogue.remove(swedish);
    const row = await orderPackage(deps(), { package: swedish, referenceId: ref });
    expect(row.state).toBe('needs-person');
    expect(await attemptsOf(ref)).toEqual(['order failed', 'look-up absent', 'check absent']);
    expect(row.alternatives.length).toBeGreaterThan(0);
    expect(
      row.alternatives
        .filter((one) => one.package.geography === 'local')
        .every((one) => one.package.country_code === 'SE'),
    ).toBe(true);
    expect(office.vendor.orders.bought(ref)).toBe(0);
    const [chosen] = row.alternatives;
    const after = await orderPackage(deps(), { package: chosen!.package.reseller_id, referenceId: ref });
    expect(after).toMatchObject({ state: 'completed', boughtResellerId: chosen!.package.reseller_id });
  });

  it('falls back to a proven equivalent and says so', async () => {
    const ref = reference();
    await office.database.query(
      `insert into packages select (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'reseller_id', 'esim-sweden-1days-old'))).*
         from packages p where reseller_id = $1 on conflict do nothing`,
      [swedish],
    );
    await office.database.query(
      `update packages set retired_at = now() where reseller_id = 'esim-sweden-1days-old'`,
    );
    const row = await orderPackage(deps(), { package: 'esim-sweden-1days-old', referenceId: ref });
    expect(row).toMatchObject({ state: 'completed', boughtResellerId: swedish });
    expect(row.fallback).toContain('not dearer');
    expect(await attemptsOf(ref)).toEqual(['order done']);
  });

  it('of unknown outcome is stated as such, looked up later, and settled', async () => {
    const ref = reference();
    orderFault({ kind: 'drop' }, 1);
    expect(await orderPackage(deps(), { package: swedish, referenceId: ref })).toMatchObject({
      state: 'unknown',
    });
    expect(await orderPackage(deps(), { package: swedish, referenceId: ref })).toMatchObject({
      state: 'unknown',
    });
    await office.database.query('update package_orders set look_up_at = now() where reference_id = $1', [
      ref,
    ]);
    expect(await lookUpDue(deps({ settleMs: 1 }))).toBe(1);
    expect(await office.rows('select state from package_orders where reference_id = $1', [ref])).toEqual([
      { state: 'failed' },
    ]);
    expect(office.vendor.orders.bought(ref)).toBe(0);
    expect(await orderPackage(deps({ settleMs: 1 }), { package: swedish, referenceId: ref })).toMatchObject({
      state: 'completed',
    });
    expect(office.vendor.orders.bought(ref)).toBe(1);
  });

  it('that was taken behind a "too many requests" is unknown until a look-up says so', async () => {
    const ref = reference();
    orderFault({ kind: 'answer', status: 429, body: { message: 'slow down' } }, 1);
    const away = office.vendor.faults.add({
      path: /\/(order|orders)$/,
      when: (r) => r.method === 'GET',
      do: { kind: 'html' },
    });
    expect(await orderPackage(deps(), { package: swedish, referenceId: ref })).toMatchObject({
      state: 'unknown',
    });
    away.remove();
    expect(await lookUpOrder(deps(), ref)).toMatchObject({ state: 'completed' });
    expect(office.vendor.orders.bought(ref)).toBe(1);
  });

  it('arriving late, after the look-up found none, is not doubled', async () => {
    const ref = reference();
    // The request hangs in the network and reaches the supplier after we gave up.
    office.vendor.faults.add({
      path: '/order',
      when: (r) => r.method === 'POST',
      call: 1,
      do: [{ kind: 'drop' }],
    });
    expect(await orderPackage(deps(), { package: swedish, referenceId: ref })).toMatchObject({
      state: 'unknown',
    });
    office.vendor.orders.take([{ packageId: swedish, quantity: 1, price: 1 }], ref);
    expect(await lookUpOrder(deps(), ref)).toMatchObject({ state: 'completed' });
    expect(office.vendor.orders.bought(ref)).toBe(1);
  });

  it('never sent because the supplier cannot be reached is failed, not unknown', async () => {
    const away = createRoamifyClient({
      baseUrl: 'http://127.0.0.1:65431',
      token: 'x',
      clock: office.clock,
      timeoutMs: 300,
    });
    const row = await orderPackage(deps({ client: away }), { package: swedish, referenceId: reference() });
    expect(row.state).toBe('failed');
  });
});

/** A long run takes more of them, and a seed of its own. */
const rounds = Number(process.env['OPSDECK_ORDER_ROUNDS'] ?? 25);
const seed = process.env['OPSDECK_ORDER_SEED'] ?? 'orders';

interface Round {
  restarts: number;
  faults: number;
}

const faults: readonly Fault[][] = [
  [{ kind: 'lose-answer' }],
  [{ kind: 'drop' }],
  [{ kind: 'hang' }],
  [{ kind: 'truncate' }],
  [{ kind: 'html' }],
  [{ kind: 'break-off' }],
  [{ kind: 'answer', status: 500, body: { message: 'Unknown error', status: 'failed' } }],
  [{ kind: 'answer', status: 503, body: 'away' }],
  [{ kind: 'answer', status: 429, body: { message: 'slow down' } }],
  [],
];

/** Asks for one reference again and again while everything fails, and the process ends in the middle. */
async function sellUnderFaults(
  seed: string,
  order: (deps: OrderDeps, ref: string) => Promise<unknown>,
): Promise<Round & { ref: string }> {
  const random = seededRandom(seed);
  const ref = `random-${seed}`;
  const round: Round = { restarts: 0, faults: 0 };
  for (let call = 1; call <= 12; call++) {
    const fault = random.pick(faults);
    if (fault.length > 0) office.vendor.faults.add({ path: /\/(order|orders|packages)$/, call, do: fault });
    round.faults += fault.length;
  }
  office.vendor.switches.failsAfterTaking = random.chance(0.2);
  office.vendor.switches.unknownReference = random.pick(['not-found', 'empty', 'failed'] as const);
  for (let ask = 0; ask < 4; ask++) {
    const stop = new AbortController();
    const kill = random.chance(0.5);
    if (kill) setTimeout(() => stop.abort(), random.int(1, 60));
    round.restarts += kill ? 1 : 0;
    const settleMs = random.pick([1, 60_000]);
    await order(deps({ signal: stop.signal, settleMs }), ref).catch(() => {});
  }
  office.vendor.faults.clear();
  office.vendor.switches.failsAfterTaking = false;
  return { ...round, ref };
}

describe('random faults', () => {
  it('never make two purchases for one reference, and every order ends in a stated result', async () => {
    const total = { restarts: 0, faults: 0 };
    for (let round = 0; round < rounds; round++) {
      const { ref, ...one } = await sellUnderFaults(`${seed}-${round}`, (given, referenceId) =>
        orderPackage(given, { package: swedish, referenceId }),
      );
      total.restarts += one.restarts;
      total.faults += one.faults;
      expect(office.vendor.orders.bought(ref)).toBeLessThanOrEqual(1);
      office.vendor.switches.unknownReference = 'not-found';
      const last = await lookUpOrder(deps({ settleMs: 1 }), ref);
      expect(['completed', 'failed', 'needs-person']).toContain(last.state);
      expect(last.state === 'completed').toBe(office.vendor.orders.bought(ref) === 1);
    }
    expect(total.faults).toBeGreaterThan(6 * rounds);
    expect(total.restarts).toBeGreaterThan(0.8 * rounds);
    if (process.env['OPSDECK_ORDER_ROUNDS'])
      console.log(`seed ${seed}: ${rounds} orders, ${total.faults} faults set, ${total.restarts} restarts`);
  }, 600_000);

  it('do so with a buyer that tries again without asking (mutant)', async () => {
    let twice = 0;
    for (let round = 0; round < 10; round++) {
      const { ref } = await sellUnderFaults(`naive-${round}`, async ({ signal }, referenceId) => {
        for (let attempt = 0; attempt < 3; attempt++) {
          const answer = await client.order(swedish, referenceId, signal);
          if (answer.kind === 'done') return;
        }
      });
      twice += office.vendor.orders.bought(ref) > 1 ? 1 : 0;
    }
    expect(twice).toBeGreaterThan(0);
  });
});
