import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decideHeldPackages } from '../../src/main/packages/decide-held-packages.ts';
import { openPackageOffice, type PackageOffice } from './package-office.ts';

let office: PackageOffice;
beforeEach(async () => {
  office = await openPackageOffice();
});
afterEach(() => office.close());

const active = () => office.count('packages', 'retired_at is null');
describe('a pass over the catalogue', () => {
  it('brings every package in once, and a second pass writes nothing', async () => {
    const ids = new Set(office.vendor.catalogue.ids);
    const first = await office.pass();
    expect(first).toMatchObject({
      inserted: ids.size,
      updated: 0,
      removed: 0,
      held: 0,
      rejected: 0,
      complete: true,
    });
    expect(
      new Set((await office.rows<{ id: string }>('select reseller_id as id from packages')).map((r) => r.id)),
    ).toEqual(ids);
    const before = await office.rows(
      'select xmin::text, ctid::text, reseller_id from packages order by reseller_id',
    );
    const seq = await office.rows('select count(*) from change_log where kind <> $1', ['run']);
    expect(await office.pass()).toMatchObject({ inserted: 0, updated: 0, removed: 0, unchanged: ids.size });
    expect(
      await office.rows('select xmin::text, ctid::text, reseller_id from packages order by reseller_id'),
    ).toEqual(before);
    expect(await office.rows('select count(*) from change_log where kind <> $1', ['run'])).toEqual(seq);
    expect(await office.count('package_history')).toBe(0);
  });

  it('keeps units right: the sentinel is unlimited, amounts are MB, day is days', async () => {
    await office.pass();
    expect(
      await office.rows(
        `select data_mb, unlimited, days, country_code from packages
          where reseller_id in ('esim-sweden-1days-1gb-all', 'esim-sweden-1days-un1gb-all') order by unlimited`,
      ),
    ).toEqual([{ data_mb: 1_024, unlimited: false, days: 1, country_code: 'SE' }]);
    const [big] = await (
      await openAll()
    ).rows(`select count(*)::int as n from packages where unlimited and data_mb is null`);
    expect(big!['n']).toBeGreaterThan(1_000);
    // Wider packages stand under countries too, and are there once, under their own place.
    expect((await office.pass()).folded).toBeGreaterThan(100);
    expect(
      await office.rows(
        `select place, country_code, geography, cardinality(country_codes) > 10 as wide from packages where reseller_id = 'esim-europe-30days-3gb-all'`,
      ),
    ).toEqual([{ place: 'europe', country_code: 'EU', geography: 'regional', wide: true }]);
  });

  it('retires what is missing from a complete answer, and takes it up again', async () => {
    await office.pass();
    const total = await active();
    const gone = ['esim-sweden-1days-1gb-all', 'esim-greece-3days-1gb-all'];
    office.vendor.catalogue.remove(...gone);
    expect(await office.pass()).toMatchObject({ removed: 2, held: 0 });
    expect(await active()).toBe(total - 2);
    expect(await office.count('packages')).toBe(total);
    office.vendor.catalogue.restore(...gone);
    expect(await office.pass()).toMatchObject({ updated: 2, returned: 2, removed: 0 });
    expect(await active()).toBe(total);
    expect(
      await office.rows(
        'select change, count(*)::int as n from package_history group by change order by change',
      ),
    ).toEqual([
      { change: 'retired', n: 2 },
      { change: 'returned', n: 2 },
    ]);
  });

  it('notes a price that moved, with what it was', async () => {
    await office.pass();
    office.vendor.catalogue.setPrice('esim-sweden-1days-1gb-all', 99.5);
    expect(await office.pass()).toMatchObject({ updated: 1 });
    const [row] = await office.rows<{ before: { price: number }; after: { price: number } }>(
      'select before, after from package_history',
    );
    expect(row!.after.price).toBe(99.5);
    expect(row!.before.price).toBeLessThan(20);
  });

  it('holds a short answer for a person: nothing retires until the word, and a discard is not asked again', async () => {
    await office.pass();
    const total = await active();
    const gone = office.vendor.catalogue.ids.slice(0, 100);
    office.vendor.catalogue.remove(...gone);
    expect(await office.pass()).toMatchObject({ removed: 0, held: 100 });
    expect(await office.pass()).toMatchObject({ removed: 0, held: 100 });
    expect(await active()).toBe(total);
    expect(await office.count('system_health_logs', `event_type = 'CRITICAL'`)).toBe(1);
    office.vendor.catalogue.restore(...gone.slice(0, 90));
    // Fewer than the brake allows by now, but held once.
    expect(await office.pass()).toMatchObject({ removed: 0, held: 10 });
    const [hold] = await office.rows<{ id: number }>(`select id from held_removals where state = 'held'`);
    const word = { id: hold!.id, action: 'discard' as const };
    const request = { trigger: 'person' as const, signal: new AbortController().signal, waitMs: 1_000 };
    await decideHeldPackages(office.deps, office.changes, word, request);
    expect(await office.pass()).toMatchObject({ removed: 0, held: 0 });
    expect(await active()).toBe(total);
    await expect(decideHeldPackages(office.deps, office.changes, word, request)).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  });

  it('retires what a person accepted', async () => {
    await office.pass();
    const total = await active();
    office.vendor.catalogue.remove(...office.vendor.catalogue.ids.slice(0, 100));
    await office.pass();
    const [hold] = await office.rows<{ id: number }>(`select id from held_removals where state = 'held'`);
    const request = { trigger: 'person' as const, signal: new AbortController().signal, waitMs: 1_000 };
    const done = await decideHeldPackages(
      office.deps,
      office.changes,
      { id: hold!.id, action: 'accept' },
      request,
    );
    expect(done).toEqual({ id: hold!.id, state: 'done', retired: 100, kept: 0 });
    expect(await active()).toBe(total - 100);
    expect(await office.pass()).toMatchObject({ removed: 0, held: 0 });
  });

  it('ends a hold by itself when everything is listed again', async () => {
    await office.pass();
    const gone = office.vendor.catalogue.ids.slice(0, 100);
    office.vendor.catalogue.remove(...gone);
    await office.pass();
    office.vendor.catalogue.restore(...gone);
    expect(await office.pass()).toMatchObject({ held: 0, removed: 0 });
    expect(await office.rows('select state from held_removals')).toEqual([{ state: 'withdrawn' }]);
  });

  const breaks: [string, Parameters<PackageOffice['vendor']['faults']['add']>[0]['do']][] = [
    ['cut short', { kind: 'truncate' }],
    ['broken off', { kind: 'break-off' }],
    ['a web page', { kind: 'html' }],
    ['a failure', { kind: 'answer', status: 500, body: { message: 'Unknown error', status: 'failed' } }],
    ['failed with status 200', { kind: 'answer', status: 200, body: { status: 'failed', message: 'no' } }],
    ['another shape', { kind: 'answer', status: 200, body: { status: 'success', data: { countries: [] } } }],
    [
      'a place without packages',
      {
        kind: 'answer',
        status: 200,
        body: { status: 'success', data: { packages: [{ id: 'x', packages: null }] } },
      },
    ],
    ['a refused key', { kind: 'answer', status: 401, body: { message: 'Unauthorized' } }],
  ];
  it.each(breaks)('changes nothing when the answer is %s', async (_name, fault) => {
    await office.pass();
    const total = await active();
    office.vendor.faults.add({ path: '/packages', do: fault });
    await expect(office.pass()).rejects.toMatchObject({ code: expect.stringMatching(/^UPSTREAM_/) });
    expect(await active()).toBe(total);
    const [run] = await office.rows('select state, error_code from sync_runs order by id desc limit 1');
    expect(run!['state']).toBe('failed');
  });

  it('holds everything when the list is empty', async () => {
    await office.pass();
    const total = await active();
    office.vendor.faults.add({
      path: '/packages',
      do: { kind: 'answer', status: 200, body: { status: 'success', data: { packages: [] } } },
    });
    expect(await office.pass()).toMatchObject({ removed: 0, held: total });
    expect(await office.rows(`select reason from held_removals`)).toEqual([{ reason: 'empty' }]);
  });

  it('shelves a record that cannot be read, keeps its package, and takes the rest', async () => {
    await office.pass();
    const total = await active();
    const spoil = (body: string) =>
      body.replace(
        '"packageId":"esim-sweden-1days-1gb-all","package":"1 GB - 1 Days","plan":"data-only","activation":"first-use","day":1',
        '"packageId":"esim-sweden-1days-1gb-all","day":"soon"',
      );
    const fault = office.vendor.faults.add({ path: '/packages', do: { kind: 'rewrite', body: spoil } });
    expect(await office.pass()).toMatchObject({ removed: 0, rejected: 1, unchanged: total - 1 });
    expect(await office.rows('select source, key, reason from rejected_records')).toEqual([
      { source: 'packages', key: 'esim-sweden-1days-1gb-all', reason: 'days' },
    ]);
    fault.remove();
    await office.pass();
    expect(await office.count('rejected_records')).toBe(0);
  });

  it('retires nothing while a record has no readable id', async () => {
    await office.pass();
    const total = await active();
    const spoil = (body: string) => body.replace('"packageId":"esim-sweden-1days-1gb-all"', '"packageId":7');
    office.vendor.faults.add({ path: '/packages', do: { kind: 'rewrite', body: spoil } });
    expect(await office.pass()).toMatchObject({ removed: 0, complete: false });
    expect(await active()).toBe(total);
  });

  it('is cancelled without a trace', async () => {
    office.vendor.faults.add({ path: '/packages', do: { kind: 'hang' } });
    const stop = new AbortController();
    const running = office.pass({
      signal: stop.signal,
      onProgress: (p) => p.stage === 'reading' && setTimeout(() => stop.abort(), 50),
    });
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await office.count('packages')).toBe(0);
  });
});

async function openAll(): Promise<PackageOffice> {
  await office.close();
  office = await openPackageOffice({ vendor: { size: 11_000 } });
  await office.pass();
  return office;
}
