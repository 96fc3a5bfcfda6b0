/*
 * Week and month boards from the rollup, with 0.1, 1 and 10 million deals spread over three years, and a tenth as many
 * messages, one receiver in twenty reached by two agents; the same boards counted from the rows as reference. `BENCH_DEALS` names the
 * largest number to go to.
 */
import type pg from 'pg';
import { dayOf } from '../../src/shared/business-day.ts';
import type { BoardView } from '../../src/shared/contract/boards.ts';
import {
  daysBefore,
  daysOfPeriod,
  rangeOfDays,
  wholeMonths,
  type Days,
} from '../../src/main/deals/board-period.ts';
import { countFromRows, rebuildRollup } from '../../src/main/deals/boards-store.ts';
import { readFair } from '../../src/main/deals/fair/read-fair.ts';
import { readBoard } from '../../src/main/deals/read-board.ts';
import type { Database } from '../../src/main/storage/postgres.ts';
import { benchNow, benchSettings } from './support/bench-pass.ts';
import { startBenchServer } from './support/bench-server.ts';
import { median, percentile } from './support/figures.ts';
import { timed } from './support/measure.ts';
import { startReport } from './support/report.ts';

const zone = benchSettings.timeZone;
const agents = 200;
const years = 3;
const calls = 300;
const fromRowsCalls = 5;
const fairCalls = 20;
/** Every mark of fair boards; read once in five minutes for a wall, and with each look at the leaderboard. */
const fair = { timeZone: zone, fairBest: true, fairImproved: true, fairRookieDays: 30, fairHideLast: 3 };
const most = Number(process.env['BENCH_DEALS'] ?? 10_000_000);
const sizes = [100_000, 1_000_000, 10_000_000].filter((size) => size <= most);

const report = startReport('history');
const server = await startBenchServer(report);
try {
  const medians = new Map<string, number[]>();
  for (const deals of sizes) await measure(deals, medians);
  for (const [period, values] of medians) {
    const [, million, ten] = values;
    if (million === undefined || ten === undefined) continue;
    const ratio = ten / million;
    report.figure({
      what: `${period} board, ten million against one, p95`,
      value: ten,
      unit: 'ms',
      reference: { what: 'one million', value: million },
      ratio,
      target: { words: '≤ 1.3', met: ratio <= 1.3 },
    });
  }
  report.say(
    `A board is what a window or a script gets: one statement, the rows of ${agents} agents and of groups, totals and the trend ` +
      'of the period and of as many days before. Boards of three different weeks and months of the three years take turns.',
  );
  report.print();
} finally {
  await server.close();
}

async function measure(deals: number, medians: Map<string, number[]>): Promise<void> {
  const name = `history_${deals}`;
  const database = await server.open(name);
  const bare = await server.connect(name);
  await fill(bare, deals);
  const rebuilding = await timed(() => rebuildRollup(database, zone));
  await bare.query('vacuum analyze');
  report.figure({ what: `${words(deals)} deals: rollup counted anew`, value: rebuilding / 1_000, unit: 's' });
  for (const period of ['week', 'month'] as const) {
    const asked = [0, 11, 22].map((back) => ({
      period: daysOfPeriod(period, new Date(benchNow.getTime() - back * 30 * 86_400_000), zone),
      now: benchNow,
      zone,
    }));
    const times: number[] = [];
    const empty: number[] = [];
    for (let call = 0; call < calls + 30; call++) {
      let board: BoardView | undefined;
      const ms = await timed(async () => (board = await readBoard(database, asked[call % asked.length]!)));
      if (board?.agents.length !== agents) throw new Error('a board was not whole');
      // How long the machine takes to answer nothing, meanwhile.
      const nothing = await timed(() => database.query('select 1'));
      if (call >= 30) {
        times.push(ms);
        empty.push(nothing);
      }
    }
    await check(database, asked[0]!.period);
    const marking: number[] = [];
    for (let call = 0; call < fairCalls + 3; call++) {
      const { period: of } = asked[call % asked.length]!;
      const ms = await timed(() => readFair(database, { period: of, now: benchNow, settings: fair }));
      if (call >= 3) marking.push(ms);
    }
    report.figure({
      what: `${words(deals)} deals: what a ${period} board is marked by, median`,
      value: median(marking),
      unit: 'ms',
    });
    const raw: number[] = [];
    for (let call = 0; call < fromRowsCalls; call++)
      raw.push(await timed(() => countFromRows(database, questionOf(asked[call % asked.length]!.period))));
    const p95 = percentile(times, 0.95);
    medians.set(period, [...(medians.get(period) ?? []), p95]);
    report.figure({
      what: `${words(deals)} deals: ${period} board, p95`,
      value: p95,
      unit: 'ms',
      reference: { what: 'from the rows, median', value: median(raw) },
      ratio: median(times) / median(raw),
      ...(deals === 1_000_000 ? { target: { words: '≤ 5 ms', met: p95 <= 5 } } : {}),
      note: `p50 ${median(times).toFixed(2)} ms of ${calls} calls; select 1: p95 ${percentile(empty, 0.95).toFixed(2)}, p50 ${median(empty).toFixed(2)} ms`,
    });
  }
  await database.close();
  await bare.query('truncate deals, deals_archive, sms_messages cascade');
}

/** Deals spread evenly over the three years, those older than a year archived; a tenth as many messages. */
async function fill(bare: pg.Client, deals: number): Promise<void> {
  const end = benchNow.toISOString();
  const span = years * 365 * 86_400;
  const at = (n: string, of: number) =>
    `'${end}'::timestamptz - (${n}::float8 / ${of} * ${span}) * interval '1 second'`;
  await bare.query(
    `insert into agents (user_id, name, group_name)
     select 1000 + n, 'Agent Nummer ' || n, 'Grupp ' || n % 7 from generate_series(0, ${agents - 1}) n`,
  );
  // Without triggers, as a restored backup would come: what they cost is sync-apply's and new-deal's to tell.
  await bare.query(`set session_replication_role = replica`);
  for (const [table, from, to] of [
    ['deals', 0, Math.floor(deals / years)],
    ['deals_archive', Math.floor(deals / years), deals],
  ] as const) {
    await bare.query(
      `insert into ${table} (id, lead_id, user_id, campaign_id, commission, multi_deals, order_date, status, upstream_updated_at)
       ${table === 'deals' ? 'overriding system value' : ''}
       select n + 1, (100000000 + n)::text, 1000 + n % ${agents}, '50', 250 + n % 90 * 50, 1 + (n % 9 = 0)::int, t, 'success', t
         from generate_series(${from}, ${to - 1}) n, lateral (select ${at('n', deals)} as t) o`,
    );
  }
  await bare.query(
    `insert into sms_messages (id, user_id, receiver, "timestamp", status)
     select n::text, 1000 + n % ${agents}, '+4670' || n - (n % 20 = 1)::int, ${at('n', deals / 10)}, 'delivered'
       from generate_series(0, ${deals / 10 - 1}) n`,
  );
  await bare.query(`set session_replication_role = origin`);
}

function questionOf(period: Days) {
  const before = daysBefore(period);
  return {
    beforeFrom: before.from,
    ...period,
    months: wholeMonths(period),
    zone,
    ...rangeOfDays({ from: before.from, to: period.to }, zone),
  };
}

/** What the rollup answers is what the rows say. */
async function check(database: Database, period: Days): Promise<void> {
  const board = await readBoard(database, { period, now: benchNow, zone });
  const rows = await countFromRows(database, questionOf(period));
  const deals = rows.agents.reduce((sum, agent) => sum + agent.deals, 0);
  if (deals !== board.totals.deals || deals === 0) throw new Error('the rollup is not what the rows say');
  if (dayOf(benchNow, zone) !== board.today) throw new Error('the days are another zone’s');
}

function words(deals: number): string {
  return `${deals / 1_000_000} million`;
}
