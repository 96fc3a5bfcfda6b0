import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBoard } from '../../src/main/deals/read-board.ts';
import { TodayCache } from '../../src/main/deals/today-cache.ts';
import type { Transaction } from '../../src/main/storage/postgres.ts';
import { currentSeq } from '../../src/main/system/change-log.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { NOON, usePassOffice, type PassOffice } from './pass-office.ts';
import { expectRollupRight } from './recount-boards.ts';

const zone = 'Europe/Stockholm';

describe('passes and decisions at once', () => {
  const office = usePassOffice();

  it('leave the rollup as the rows say, and today in memory with the same figures', async () => {
    const { it: at } = office;
    const leads = at.vendor.state.addLeads(120, (n) => ({ agentId: 41_001 + (n % 5), commission: '100' }));
    await at.window();
    let decided = 0;
    let passing = true;
    const consoles = Array.from({ length: 4 }, async (_, console) => {
      for (let round = 0; passing || round < 15; round++) {
        await decide(
          at,
          leads[(round * 7 + console * 31) % leads.length]!.id,
          41_001 + ((round + console) % 5),
        );
        decided += 1;
      }
    });
    for (let round = 0; round < 8; round++) {
      at.pass(60_000);
      for (let n = round; n < leads.length; n += 9)
        at.vendor.state.patchLead(leads[n]!.id, {
          commission: String(100 + round * 10),
          multiDeals: String(1 + (n % 3)),
        });
      at.vendor.state.addLeads(3, () => ({ agentId: 41_001 + (round % 5) }));
      at.vendor.state.addSms({ receiver: `+4670174060${round}` });
      await Promise.all([at.delta(), at.run('sms')]);
      if (round % 3 === 2) {
        at.vendor.state.revoke(leads[round]!.id);
        await at.window();
      }
    }
    passing = false;
    await Promise.all(consoles);
    expect(decided).toBeGreaterThanOrEqual(60);
    await expectRollupRight(at.database, zone);
    const cache = new TodayCache({ database: at.database, clock: at.clock, timeZone: () => zone });
    await cache.load(await currentSeq(at.database));
    const board = await readBoard(at.database, { period: 'today', now: at.clock.now(), zone });
    const today = cache.today();
    expect(board.agents).toEqual(today.board);
    expect(board.totals).toMatchObject({ deals: today.deals, commission: today.commission, sms: today.sms });
  });
});

/** What "replace" and its like do to deals, and in the same order: lock the lead, move the old row, insert the new. */
async function decide(at: PassOffice, leadId: number, agent: number): Promise<void> {
  await at.database.transaction(async (tx) => {
    const found = await tx.query<{ id: number }>(
      'select id from deals where lead_id = $1 and follows for update',
      [String(leadId)],
    );
    const old = found.rows[0];
    if (!old) return;
    await tx.query(
      'update deals set follows = false, is_duplicate = true, version = version + 1 where id = $1',
      [old.id],
    );
    await tx.query(
      `insert into deals (lead_id, user_id, commission, order_date, status, upstream_updated_at)
       select lead_id, $2, commission + 1, order_date, status, upstream_updated_at from deals where id = $1`,
      [old.id, agent],
    );
  });
}

describe('two writers of messages to one receiver', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const reach = (tx: Transaction, id: string, userId: number) =>
    tx.query(
      `insert into sms_messages (id, user_id, receiver, "timestamp", status) values ($1, $2, '+461', $3, 'delivered')`,
      [id, userId, new Date(NOON)],
    );

  /** The second begins while the first has not committed, and is done only after it may be. */
  async function race(ids: [string, string]): Promise<void> {
    let committing = () => {};
    const mayCommit = new Promise<void>((resolve) => (committing = resolve));
    let wrote = () => {};
    const hasWritten = new Promise<void>((resolve) => (wrote = resolve));
    const first = database.transaction(async (tx) => {
      await reach(tx, ids[0], 1);
      wrote();
      await mayCommit;
    });
    await hasWritten;
    const second = database.transaction((tx) => reach(tx, ids[1], 2));
    // Either it waits for the first, or it is through without having seen it.
    await Promise.race([second, new Promise((resolve) => setTimeout(resolve, 300))]);
    committing();
    await Promise.all([first, second]);
  }

  it('both count, and the receiver is known to be shared', async () => {
    await race(['1', '2']);
    await expectRollupRight(database, zone);
  });

  it('…while without the lock neither would see the other', async () => {
    const source = await database.query<{ text: string }>(
      `select pg_get_functiondef('add_to_receivers'::regproc) as text`,
    );
    await database.query(source.rows[0]!.text.replace(/perform pg_advisory_xact_lock\([^;]*;/, ''));
    await database.query('truncate sms_messages');
    await race(['3', '4']);
    await expect(expectRollupRight(database, zone)).rejects.toThrow();
    await database.query(source.rows[0]!.text);
  });
});
