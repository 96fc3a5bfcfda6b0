import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyOptions } from '../../src/main/deals/apply-pass.ts';
import { applyFacts, bringFacts } from '../../src/main/deals/deals-store.ts';
import { findMissing, removeGone } from '../../src/main/deals/gone-store.ts';
import { recordSuspects } from '../../src/main/deals/duplicates-store.ts';
import type { LeadFact } from '../../src/main/deals/map-lead.ts';
import type { PassContext } from '../../src/main/deals/pass-context.ts';
import { officeDefaults } from '../../src/shared/contract/settings.ts';
import type { Transaction } from '../../src/main/storage/postgres.ts';
import { createTestDatabase, testServers, type TestDatabase } from '../support/postgres.ts';

const stamp = new Date('2026-05-04T09:00:00Z');

function fact(lead: number, change: Partial<LeadFact> = {}): LeadFact {
  return {
    leadId: String(900_000_000 + lead),
    userId: 7,
    campaignId: '12',
    commission: '1500.50',
    multiDeals: 1,
    orderDate: new Date('2026-05-04T08:00:00Z'),
    orderDateSource: 'instant',
    status: 'success',
    updatedAt: stamp,
    notes: [],
    ...change,
  };
}

describe.each(testServers())('the statements of a pass on PostgreSQL $name', ({ url }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase(url);
  });
  afterAll(() => database.drop());

  const options = applyOptions({ settings: officeDefaults, runId: 1 } as PassContext, stamp);
  const apply = (facts: LeadFact[]) =>
    database.transaction(async (tx: Transaction) => {
      const source = await bringFacts(tx, facts);
      const applied = await applyFacts(tx, source, options);
      const found = await recordSuspects(tx, applied.suspects, stamp);
      const range = { start: new Date('2026-05-01T00:00:00Z'), end: new Date('2026-06-01T00:00:00Z') };
      return { applied, found, missing: (await findMissing(tx, source, [], range)).missing };
    });

  // Below and above the size from which facts are streamed.
  test.each([10, 2_500])('insert, leave alone, update, hold and remove among %i deals', async (size) => {
    const base = size * 10;
    const facts = Array.from({ length: size }, (_, index) => fact(base + index));
    const first = await apply(facts);
    expect(first.applied).toMatchObject({ inserted: size, updated: 0, unchanged: 0 });

    const written = () => database.query(`select ctid::text, xmin::text from deals order by id`);
    const before = await written();
    expect((await apply(facts)).applied).toMatchObject({ inserted: 0, updated: 0, unchanged: size });
    expect((await written()).rows).toEqual(before.rows);

    const [one, two, three, ...rest] = facts;
    const changed = [{ ...one!, commission: '1600.00' }, { ...two!, userId: 8 }, ...rest];
    const second = await apply(changed);
    expect(second.applied).toMatchObject({ inserted: 0, updated: 1, unchanged: size - 3 });
    expect(second.found.openedIds).toHaveLength(1);
    expect(second.missing.map((deal) => deal.leadId)).toContain(three!.leadId);

    const gone = second.missing.filter((deal) => deal.leadId === three!.leadId);
    const removed = await database.transaction((tx) => removeGone(tx, gone, { runId: 1, now: stamp }));
    expect(removed.removedLeads).toEqual([three!.leadId]);
    const history = await database.query(
      `select change, before->>'commission' as commission from deal_history where lead_id = any ($1) order by id`,
      [[one!.leadId, three!.leadId]],
    );
    expect(history.rows).toEqual([
      { change: 'updated', commission: '1500.50' },
      { change: 'removed', commission: '1500.50' },
    ]);
    await database.query(`delete from deals`);
  });
});
