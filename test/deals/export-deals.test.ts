import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'csv-parse/sync';
import { exportDeals } from '../../src/main/deals/export-deals.ts';
import { readBoard } from '../../src/main/deals/read-board.ts';
import { csvRows } from '../../src/main/csv.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

const zone = 'Europe/Stockholm';
const days = { from: '2026-10-24', to: '2026-10-26' };

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.query('truncate deals, deals_archive, agents cascade'));

/** So many deals over the days around which clocks go back, every fifth replaced, every seventh archived. */
async function sellMany(count: number): Promise<void> {
  const columns = `id, lead_id, user_id, commission, multi_deals, order_date, status, synced_at, upstream_updated_at,
    is_duplicate, follows`;
  const rows = `select n, 'lead ' || n, 900 + n % 7, case when n % 6 > 0 then (n % 100) + 0.25 end, 1 + n % 2,
    '2026-10-23T20:00:00Z'::timestamptz + (n * 80.0 / ${count}) * interval '1 hour', 'success', now(), now(),
    n % 5 = 0, n % 5 > 0 from generate_series(1, ${count}) n`;
  await database.query(
    `insert into deals (${columns}) overriding system value select * from (${rows}) r where n % 7 > 0`,
  );
  await database.query(`insert into deals_archive (${columns}) select * from (${rows}) r where n % 7 = 0`);
}

async function read(onPiece: (piece: number) => Promise<unknown> = () => Promise.resolve()) {
  const pieces: string[] = [];
  const rows = await exportDeals(database, { days, zone, language: 'en' }, async (text) => {
    pieces.push(text);
    await onPiece(pieces.length);
  });
  const parsed = parse(pieces.join(''), { bom: true, columns: true }) as unknown as Record<string, string>[];
  return { rows, parsed, pieces };
}

describe('every deal of some days as CSV', () => {
  it('adds up to the board of the same days, archived ones too, over the day with an hour more', async () => {
    await sellMany(3_000);
    const { rows, parsed } = await read();
    expect(rows).toBe(parsed.length);
    const board = await readBoard(database, { period: days, now: new Date('2026-11-01T12:00:00Z'), zone });
    const counted = parsed.filter((row) => row['Counts'] === 'yes');
    expect(counted.length).toBeLessThan(parsed.length);
    for (const agent of board.agents) {
      const own = counted.filter((row) => row['Agent id'] === agent.user_id);
      expect(own.reduce((sum, row) => sum + Number(row['Deals']), 0)).toBe(agent.deals);
      expect(own.reduce((sum, row) => sum + Number(row['Commission']) * 100, 0)).toBe(
        Math.round(agent.commission * 100),
      );
    }
    // The hour that clocks repeat is told apart by its offset.
    const times = parsed.map((row) => row['Order date'] ?? '');
    expect(times.some((time) => /^2026-10-25 02:\d\d:\d\d \+02:00$/.test(time))).toBe(true);
    expect(times.some((time) => /^2026-10-25 02:\d\d:\d\d \+01:00$/.test(time))).toBe(true);
    expect(times.every((time) => time >= '2026-10-24' && time < '2026-10-27')).toBe(true);
  });

  it('runs no formula in a spreadsheet, whatever agents and leads are called', async () => {
    await sellMany(7);
    await database.query(
      `insert into agents (user_id, name) select distinct user_id, '=cmd|''/c calc''!A1' from deals_all`,
    );
    const { parsed } = await read();
    for (const row of parsed) expect(row['Agent']).toBe(`'=cmd|'/c calc'!A1`);
  });

  it('is as of one instant and page by page, whatever is written beside it', async () => {
    await sellMany(14_000);
    const before = (await read()).parsed;
    const { parsed, pieces } = await read(async (piece) => {
      // Between the first pages a pass adds, moves and removes.
      if (piece === 2) await disturb();
    });
    expect(pieces.length).toBeGreaterThan(3);
    expect(parsed).toEqual(before);
  });

  it('naively paged by offset would show the pass', async () => {
    await sellMany(14_000);
    const page = async (offset: number) =>
      (
        await database.query<{ id: number }>(
          'select id from deals_all order by order_date, id limit 5000 offset $1',
          [offset],
        )
      ).rows.map(({ id }) => id);
    const first = await page(0);
    await disturb();
    const all = [...first, ...(await page(5_000)), ...(await page(10_000))];
    expect(csvRows(all.map((id) => [id]))).not.toBe(csvRows([...new Set(all)].map((id) => [id])));
  });

  /** Deals of the first pages are sold, and some of the later days turn out to be of the first. */
  async function disturb(): Promise<void> {
    await database.query(
      `update deals set order_date = '2026-10-24T00:00:01+02' where id % 9 = 0 and order_date > '2026-10-25'`,
    );
  }
});
