import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { editMapping } from '../../src/main/packages/change-mapping.ts';
import { checkOne, healthTarget, validateAll } from '../../src/main/packages/validate-packages.ts';
import { clearFindings } from '../../src/main/packages/validations-store.ts';
import { openPackageOffice, type PackageOffice } from './package-office.ts';

let office: PackageOffice;
let ids: string[];
beforeEach(async () => {
  office = await openPackageOffice();
  await office.pass();
  ids = office.vendor.catalogue.ids.slice(0, 40);
});
afterEach(() => office.close());

const validate = () => validateAll(office.deps, { trigger: 'person' });
const events = () =>
  office.rows<{ type: string; score: number | null }>(
    `select event_type as type, (metadata->>'score')::float8 as score from system_health_logs
      where metadata->>'kind' = 'package-health' order by id`,
  );
const retire = (ids: string[], at = 'now()') =>
  office.database.query(`update packages set retired_at = ${at} where reseller_id = any ($1)`, [ids]);

describe('health', () => {
  it('is told once when it falls below 95 %, and once when it is back', async () => {
    for (const id of ids) await office.sell(id);
    expect(await validate()).toMatchObject({ total: 40, valid: 40, score: 100 });
    await retire(ids.slice(0, 2));
    // Exactly at the target is not below it.
    expect(await validate()).toMatchObject({ invalid: 2, score: healthTarget });
    expect(await events()).toEqual([]);
    await retire(ids.slice(0, 3));
    expect(await validate()).toMatchObject({ invalid: 3, score: 92.5 });
    await validate();
    await retire(ids.slice(0, 10));
    await validate();
    expect(await events()).toEqual([{ type: 'WARNING', score: 92.5 }]);
    await retire(ids, 'null');
    await validate();
    await validate();
    expect(await events()).toEqual([
      { type: 'WARNING', score: 92.5 },
      { type: 'INFO', score: 100 },
    ]);
    const points = await office.rows<{ score: number }>(
      'select score::float8 as score from package_health where total > 0 order by id',
    );
    expect(points.map((point) => point.score)).toEqual([100, 95, 92.5, 92.5, 75, 100, 100]);
  });

  it('would be told at each validation by looking at one point only (mutant)', () => {
    const scores = [100, 95, 92.5, 92.5, 75, 100, 100];
    expect(scores.filter((score) => score < healthTarget).length).toBe(3);
  });

  it('is null where nothing is sold, which is no alarm', async () => {
    expect(await validate()).toMatchObject({ total: 0, score: null });
    expect(await events()).toEqual([]);
  });
});

describe('a finding', () => {
  const check = () => checkOne(office.deps, { resellerId: ids[0]! });

  it('stands for an hour, then is made anew', async () => {
    await office.sell(ids[0]!);
    await clearFindings(office.database);
    expect((await check()).valid).toBe(true);
    // Behind the program's back: what was found stands, as it may for an hour.
    await retire([ids[0]!]);
    expect((await check()).valid).toBe(true);
    await office.database.query(
      `update package_validations set cached_until = cached_until - interval '59 minutes'`,
    );
    expect((await check()).valid).toBe(true);
    await office.database.query(
      `update package_validations set cached_until = cached_until - interval '1 minute'`,
    );
    const anew = await check();
    expect(anew).toMatchObject({ valid: false, reason: 'retired' });
    expect(anew.alternatives.length).toBeGreaterThan(0);
  });

  it('is made anew at once after clearing, after an edit, and after a pass that moved anything', async () => {
    const mine = await office.sell(ids[0]!, 900);
    expect((await check()).valid).toBe(true);
    await retire([ids[0]!]);
    expect(await clearFindings(office.database)).toBe(1);
    expect((await check()).valid).toBe(false);
    await retire([ids[0]!], 'null');
    await editMapping(office.changes, { id: mine.id, version: mine.version, patch: { name: 'Another' } });
    expect((await check()).valid).toBe(true);
    office.vendor.catalogue.setPrice(ids[0]!, 1_000);
    await office.pass();
    expect(await check()).toMatchObject({ valid: false, reason: 'below-cost' });
    await office.database.query('update my_packages set price = 2000');
    expect((await check()).valid).toBe(true);
  });

  it('about an id that is not sold is made each time, with alternatives', async () => {
    expect(await checkOne(office.deps, { resellerId: 'esim-nowhere-1days-1gb-all' })).toMatchObject({
      valid: false,
      reason: 'missing',
    });
    await expect(checkOne(office.deps, { id: 999 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await office.count('package_validations')).toBe(0);
  });
});
