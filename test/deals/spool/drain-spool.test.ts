import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mostTries } from '../../../src/main/deals/spool/drain-spool.ts';
import type { Database } from '../../../src/main/storage/postgres.ts';
import { withPermit } from '../../../src/main/system/permits.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { at, noon } from './spool-facts.ts';
import { drain, drainDeps, openSpool, payload } from './spool-office.ts';

describe('saving what was read', () => {
  let database: TestDatabase;
  let spool: ReturnType<typeof openSpool>['spool'];
  let path: string;
  let durable: ReturnType<typeof openSpool>['durable'];
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    await database.query(
      'truncate deals, deal_history, pending_duplicates, sync_runs restart identity cascade',
    );
    path = join(mkdtempSync(join(tmpdir(), 'opsdeck-spool-')), 'durable.sqlite');
    ({ spool, durable } = openSpool(path));
  });

  const deals = async () =>
    (
      await database.query<{ lead: string; agent: number; commission: number; stamp: Date }>(
        `select lead_id as lead, user_id as agent, commission::float8 as commission, upstream_updated_at as stamp
           from deals order by lead_id, id`,
      )
    ).rows;
  const pending = async () =>
    (
      await database.query<{ agent: number; status: string }>(
        'select new_user_id as agent, status from pending_duplicates',
      )
    ).rows;
  const runs = async () =>
    (
      await database.query<{
        state: string;
        inserted: number;
        updated: number;
        held: number;
        term: number | null;
      }>('select state, inserted, updated, held, term from sync_runs order by id')
    ).rows;

  it('goes in the order of the stamps: a deal, its correction, and what waits for a person', async () => {
    spool.add([
      payload({ updatedAt: at(9), userId: 8 }),
      payload({ updatedAt: at(5), commission: '250.00' }),
    ]);
    spool.add([payload(), payload({ leadId: '2', commission: '5.00' })]);
    expect(await drain(database, spool)).toBe('empty');
    expect(await deals()).toEqual([
      { lead: '1', agent: 7, commission: 250, stamp: at(9) },
      { lead: '2', agent: 7, commission: 5, stamp: at(1) },
    ]);
    expect(await pending()).toEqual([{ agent: 8, status: 'pending' }]);
    // Whoever leads; and it does not pass for a complete read.
    expect(await runs()).toEqual([{ state: 'incomplete', inserted: 2, updated: 1, held: 1, term: null }]);
    expect(spool.count()).toBe(0);
    expect(await drain(database, spool)).toBe('empty');
    expect(await runs()).toHaveLength(1);
  });

  const newerStored = async () => {
    spool.add([payload({ updatedAt: at(9), commission: '250.00' })]);
    await drain(database, spool);
    spool.add([payload({ updatedAt: at(5), userId: 8, commission: '1.00' }), payload({ leadId: '2' })]);
  };
  const stored = [
    { lead: '1', agent: 7, commission: 250, stamp: at(9) },
    { lead: '2', agent: 7, commission: 100, stamp: at(1) },
  ];

  it('does not let an older state than is stored through, however late it comes', async () => {
    await newerStored();
    expect(await drain(database, spool)).toBe('empty');
    expect(await deals()).toEqual(stored);
    expect(await pending()).toEqual([]);
  });

  it('a naive one that does not compare stamps makes a case of a state long gone', async () => {
    await newerStored();
    const blind: Database = {
      ...database,
      query: (sql, values) =>
        database.query(sql.includes('"removedAt"') ? `${sql} where false` : sql, values),
    };
    await drain(blind, spool);
    expect([await deals(), await pending()]).not.toEqual([stored, []]);
  });

  it('does not bring back a lead that was removed since it was read', async () => {
    await database.query(
      `insert into deal_history (deal_id, lead_id, change, before, changed_at) values (1, '1', 'removed', '{}', $1)`,
      [new Date(noon.getTime() + 60_000)],
    );
    spool.add([payload(), payload({ leadId: '2' })]);
    await drain(database, spool);
    expect((await deals()).map(({ lead }) => lead)).toEqual(['2']);
  });

  it('sets aside what cannot be saved in five tries and tells it, and saves the others meanwhile', async () => {
    const told: string[] = [];
    const unsavable = '99999999999999999999.00';
    spool.add([
      payload({ leadId: '1', commission: unsavable }),
      payload({ leadId: '1', updatedAt: at(5) }),
      payload({ leadId: '2', updatedAt: at(9) }),
    ]);
    for (let round = 1; round < mostTries; round += 1)
      expect(await drain(database, spool, told)).toBe('left');
    // The later state of the same lead waits behind it.
    expect(await deals()).toMatchObject([{ lead: '2' }]);
    expect([told, spool.count()]).toEqual([[], 2]);
    expect(await drain(database, spool, told)).toBe('empty');
    expect(told).toEqual([expect.stringContaining('lead 1')]);
    expect((await deals()).map(({ lead }) => lead)).toEqual(['1', '2']);
    const kept = durable.open().prepare('select set_aside, tries from spool').all();
    expect(kept).toEqual([{ set_aside: 'refused', tries: mostTries }]);
  });

  it('tells of a damaged row, and never saves it', async () => {
    const told: string[] = [];
    spool.add([payload(), payload({ leadId: '2' })]);
    durable
      .open()
      .exec(`update spool set payload = replace(payload, '100.00', '900.00') where lead_id = '1'`);
    expect(await drain(database, openSpool(path).spool, told)).toBe('empty');
    expect((await deals()).map(({ lead }) => lead)).toEqual(['2']);
    expect(told).toEqual([expect.stringContaining('leads 1')]);
  });

  it('counts no try against a reading while the database is away, and keeps everything', async () => {
    spool.add([payload()]);
    const away = () => Promise.reject(Object.assign(new Error('away'), { code: 'DATABASE_AWAY' }));
    await expect(drain({ ...database, query: away, transaction: away }, spool)).rejects.toThrow('away');
    expect(spool.facts()).toMatchObject([{ tries: 0 }]);
  });

  it('waits for whoever writes the deals', async () => {
    spool.add([payload()]);
    let saved = false;
    const saving = await withPermit(drainDeps(database), 'deals', { waitMs: 1_000 }, async () => {
      const draining = drain(database, spool).then(() => (saved = true));
      await new Promise((resolve) => setTimeout(resolve, 600));
      expect(saved).toBe(false);
      return { draining };
    });
    await saving.draining;
    expect(await deals()).toHaveLength(1);
  });
});
