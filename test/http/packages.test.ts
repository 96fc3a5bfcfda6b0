import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRoamifyClient } from '../../src/main/packages/roamify-client.ts';
import { startRoamify, type RoamifySandbox } from '../../src/main/sandbox/roamify/start-roamify.ts';
import { systemClock } from '../../src/main/clock.ts';
import { useHttpOffice, type HttpProgram } from './http-office.ts';

const http = useHttpOffice();
const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
const number = expect.any(Number) as number;
const text = expect.any(String) as string;
const path = (name: string) => `/api/admin/packages/${name}`;

let vendor: RoamifySandbox;
beforeAll(async () => {
  vendor = await startRoamify({ size: 300, changesByDay: false, switches: { failureMs: 0 } });
});
afterAll(() => vendor.close());

async function start(): Promise<HttpProgram> {
  await http.office.database.query(
    `truncate packages, my_packages, package_history, package_validations, package_orders, held_removals,
              package_proposals, my_package_changes, package_deduplications,
              package_health, package_order_attempts restart identity cascade`,
  );
  await http.office.database.query('update my_packages_guard set is_on = false');
  const patience = { tries: 1, baseMs: 1, capMs: 1, busyTries: 1, busyBaseMs: 1, busyCapMs: 1 };
  const connect = () =>
    createRoamifyClient({ baseUrl: vendor.url, token: vendor.token, clock: systemClock(), patience });
  return http.start({ supplier: { connect, missing: () => [] } });
}

const passed = (counts: Record<string, unknown>) => ({
  ...{ success: true, source: 'packages', kind: 'window', inserted: 0, updated: 0, removed: 0, retired: 0 },
  ...{ returned: 0, unchanged: 0, held: 0, rejected: 0, removals_held: false, complete: true },
  ...{ packages: number, folded: number, run_id: number, note: null },
  ...counts,
});

/** Sells packages of the catalogue, the cheapest first, one of them below cost. */
async function sell(count: number): Promise<string[]> {
  const { rows } = await http.office.database.query<{ reseller_id: string }>(
    `insert into my_packages (reseller_id, price, visible, created_at, updated_at)
     select reseller_id, case when n = 1 then price / 2 else price * 2 end, true, now(), now()
       from (select *, row_number() over (order by price desc, reseller_id) n from packages) p where n <= $1
     returning reseller_id`,
    [count],
  );
  return rows.map((row) => row.reseller_id);
}

describe('every path of packages answers in the shape that scripts rely on', () => {
  it('POST …/packages/sync and /api/admin/sync-packages, GET …/sync-status', async () => {
    const program = await start();
    const never = await program.get(path('sync-status'));
    expect(never.json).toMatchObject({ success: true, totalPackages: 0, lastSync: null, heldPackages: 0 });
    const first = await program.post(path('sync'));
    expect(first.status).toBe(200);
    const { inserted } = first.json as { inserted: number };
    expect(inserted).toBeGreaterThan(100);
    expect(first.json).toEqual(passed({ inserted }));
    const second = await program.post('/api/admin/sync-packages', {});
    expect(second.json).toEqual(passed({ unchanged: inserted }));
    expect((await program.get(path('sync-status'))).json).toEqual({
      ...{ success: true, totalPackages: inserted, retiredPackages: 0, lastSync: instant },
      ...{ lastState: 'complete', lastError: null, heldPackages: 0 },
    });
  });

  it('GET …/health, POST …/validate, GET …/invalid, DELETE …/validation-cache', async () => {
    const program = await start();
    expect((await program.get(path('health'))).json).toEqual({
      ...{ totalPackages: 0, validPackages: 0, invalidPackages: 0, healthScore: null, lastValidation: null },
    });
    await program.post(path('sync'));
    const ids = await sell(4);
    const after = { totalPackages: 4, validPackages: 3, invalidPackages: 1, healthScore: 75 };
    expect((await program.post(path('validate'))).json).toEqual({
      ...{ success: true, ...after, lastValidation: instant },
    });
    expect((await program.get(path('health'))).json).toEqual({ ...after, lastValidation: instant });
    const { json } = await program.get(path('invalid'));
    expect(json).toMatchObject({ success: true, count: 1 });
    const [one] = (json as { invalid: Record<string, unknown>[] }).invalid;
    expect(one).toMatchObject({ id: number, reseller_id: ids[0], reason: 'below-cost', detail: text });
    expect(Object.keys(one!)).toEqual([
      ...['id', 'reseller_id', 'name', 'country_code', 'data_mb', 'days', 'price'],
      ...['reason', 'detail', 'checked_at', 'proposal'],
    ]);
    expect((await program.get(`${path('invalid')}?limit=501`)).status).toBe(422);
    expect((await program.get(`${path('invalid')}?offset=1`)).json).toMatchObject({ invalid: [], count: 1 });

    const checked = await program.post(path('check'), { package: ids[0] });
    expect(checked.json).toMatchObject({ success: true, valid: false, reason: 'below-cost' });
    expect((await program.post(path('check'), {})).status).toBe(422);

    const cleared = await program.ask('DELETE', path('validation-cache'));
    expect(cleared.json).toEqual({ success: true, cleared: 4 });
  });

  it('POST …/deduplicate-my-packages: counted with dryRun, removed without', async () => {
    const program = await start();
    await program.post(path('sync'));
    const [id] = await sell(3);
    await http.office.database.query('insert into my_packages (reseller_id, price) values ($1, 12)', [id!]);
    const found = { resellerIdDuplicates: 1, combinationDuplicates: 0 };
    const first = await program.post(path('deduplicate-my-packages'), { dryRun: true });
    expect(first.json).toEqual({ status: 'success', removedCount: 1, details: found });
    expect((await program.post(path('deduplicate-my-packages'))).json).toEqual(first.json);
    expect((await program.post(path('deduplicate-my-packages'), {})).json).toEqual({
      ...{ status: 'success', removedCount: 0 },
      details: { resellerIdDuplicates: 0, combinationDuplicates: 0 },
    });
    expect((await program.post(path('deduplicate-my-packages'), { dryRun: 'no' })).status).toBe(422);
  });

  it('POST …/order buys once for a reference, and looks it up', async () => {
    const program = await start();
    await program.post(path('sync'));
    const [id] = await sell(2);
    const body = { package: id, referenceId: 'sale-1' };
    const bought = await program.post(path('order'), body);
    expect(bought.json).toMatchObject({
      success: true,
      order: { reference_id: 'sale-1', state: 'completed', bought_reseller_id: id },
    });
    const again = (await program.post(path('order'), body)).json as { order: { id: number } };
    expect(again.order.id).toBe((bought.json as typeof again).order.id);
    expect((await program.post(path('order'), { referenceId: 'sale-1', lookUp: true })).json).toMatchObject({
      success: true,
    });
    expect((await program.post(path('order'), { referenceId: 'sale-2' })).status).toBe(422);
    expect((await program.post(path('order'), { ...body, lookUp: true })).status).toBe(422);
  });

  it('needs the scope that the path says, and a supplier', async () => {
    const program = await start();
    const { token } = await program.token(['read']);
    for (const name of ['sync', 'validate', 'deduplicate-my-packages', 'order'])
      expect((await program.post(path(name), {}, { token })).status).toBe(403);
    expect((await program.ask('DELETE', path('validation-cache'), { token })).status).toBe(403);
    expect((await program.get(path('health'), { token })).status).toBe(200);
  });

  it('GET and POST /api/admin/sync-held: a short answer retires nothing, and a person decides', async () => {
    const program = await start();
    await program.post(path('sync'));
    const short = await startRoamify({ size: 60, changesByDay: false });
    try {
      const other = await http.start({
        supplier: {
          missing: () => [],
          connect: () =>
            createRoamifyClient({ baseUrl: short.url, token: short.token, clock: systemClock() }),
        },
      });
      const pass = await other.post(path('sync'));
      expect(pass.json).toMatchObject({ success: true, removed: 0, removals_held: true });
      const { held } = (await other.get('/api/admin/sync-held')).json as { held: { id: number }[] };
      expect(held).toEqual([
        {
          ...{ id: number, source: 'packages', state: 'held', reason: text, count: number },
          ...{ of_packages: number, held_at: instant, updated_at: instant, removed: 0 },
        },
      ]);
      const decided = { id: held[0]!.id, action: 'discard' };
      const done = await other.post('/api/admin/sync-held', decided);
      expect(done.json).toEqual({
        ...{ success: true, id: held[0]!.id, state: 'discarded', removed: 0, kept: number, waiting: 0 },
      });
      expect((await other.post('/api/admin/sync-held', decided)).status).toBe(409);
      expect((await other.get('/api/admin/sync-held')).json).toMatchObject({ held: [], count: 0 });
    } finally {
      await short.close();
    }
  });
});
