/*
 * A window of 100 000 deals applied by the program's own pass (permit, stage, classification, search for missing
 * ones, cursor, change entry) against plain SQL that moves the same rows on a bare connection.
 */
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { windowRange } from '../../src/shared/business-day.ts';
import { applyPass } from '../../src/main/deals/apply-pass.ts';
import type { LeadFact } from '../../src/main/deals/map-lead.ts';
import type { Database } from '../../src/main/storage/postgres.ts';
import { benchNow, benchSettings, inPass, makeFacts, mappedOf } from './support/bench-pass.ts';
import { startBenchServer } from './support/bench-server.ts';
import { bareHistory, bareMerge, bareUpdate, copyChunks, stageColumns } from './support/bare-rows.ts';
import { median } from './support/figures.ts';
import { race, ratioOf, timed } from './support/measure.ts';
import { startReport } from './support/report.ts';

const deals = 100_000;
const changedDeals = 2_000;
const runs = 7;
/** Plain SQL keeps no rollup of boards: what its triggers cost is ours alone. */
const [withoutRollup, withRollup] = ['disable', 'enable'].map(
  (what) => `alter table deals ${what} trigger user`,
);

const report = startReport('sync-apply');
const server = await startBenchServer(report);
try {
  const facts = makeFacts(deals);
  await firstLoad(facts);
  await unchanged(facts);
  await changed(facts);
  report.say(
    'First load and changed rows: the reference streams ready-made COPY text into the same stage table and ends with ' +
      'one COMMIT, without keeping the rollup of boards; ours makes the text as it streams. Rounds alternate; a ratio is the median of the rounds’ ratios.',
  );
  report.print();
} finally {
  await server.close();
}

/** The transaction of a complete window pass, within a permit that is held already. */
function applyWindow(database: Database, facts: LeadFact[]) {
  const range = windowRange(benchNow, benchSettings.timeZone);
  return inPass(database, (context) =>
    applyPass(context, mappedOf(facts), { movesCursor: true, removals: { range, emptyAnswer: false } }),
  );
}

async function firstLoad(facts: LeadFact[]): Promise<void> {
  const database = await server.open('first_load');
  const bare = await server.connect('first_load');
  const chunks = copyChunks(facts);
  const prepare = async (rollup = withRollup!) => {
    await bare.query(withRollup!);
    await bare.query(
      'truncate deals, deal_history, pending_duplicates, held_removals, change_log restart identity cascade',
    );
    await bare.query('update change_counter set seq = 0');
    await bare.query(rollup);
    await bare.query('checkpoint');
  };
  const check = () => expectCount(bare, 'select count(*)::int from deals', deals);
  const times = await race(
    {
      bare: {
        prepare: () => prepare(withoutRollup),
        run: async () => {
          await bare.query('begin');
          await bare.query('truncate stage_deals');
          await bareCopy(bare, chunks);
          await bare.query(bareMerge);
          await bare.query('commit');
        },
        check,
      },
      ours: {
        prepare: () => prepare(),
        run: () => applyWindow(database, facts),
        check: async () => {
          await check();
          await expectCount(bare, 'select count(*)::int from change_log', 1);
        },
      },
    },
    runs,
  );
  const ratio = ratioOf(times.ours, times.bare);
  report.figure({
    what: `first load, ${deals} deals`,
    value: median(times.ours),
    unit: 'ms',
    reference: { what: 'bare COPY + MERGE', value: median(times.bare) },
    ratio,
    target: { words: '≤ 1.6', met: ratio <= 1.6 },
    note: '1 change entry',
  });
}

async function unchanged(facts: LeadFact[]): Promise<void> {
  const database = await server.open('unchanged');
  const watch = await server.connect('unchanged');
  // Its own log would be counted as ours, whenever it happens to come by.
  await watch.query('alter system set autovacuum = off');
  await watch.query('select pg_reload_conf()');
  await applyWindow(database, facts);
  const first = await passFootprint(watch, () => applyWindow(database, facts));
  await watch.query('vacuum analyze deals');
  const footprints = [];
  for (let run = 0; run < 5; run++)
    footprints.push(await passFootprint(watch, () => applyWindow(database, facts)));
  const worst = {
    written: Math.max(...footprints.map((each) => each.written)),
    dead: Math.max(...footprints.map((each) => each.dead)),
    wal: Math.max(...footprints.map((each) => each.walBytes)),
  };
  report.figure({
    what: 'unchanged: rows written',
    value: worst.written,
    unit: 'rows',
    target: { words: '0', met: worst.written === 0 },
    note: 'all tables but the permit’s own row',
  });
  report.figure({
    what: 'unchanged: dead tuples left in deals',
    value: worst.dead,
    unit: 'tuples',
    target: { words: '0', met: worst.dead === 0 },
  });
  report.figure({
    what: 'unchanged: write-ahead log, most of 5',
    value: worst.wal / 1_024,
    unit: 'kB',
    target: { words: '< 64 kB', met: worst.wal < 65_536 },
    note: `median ${Math.round(median(footprints.map((each) => each.walBytes)) / 1_024)} kB; pass ${Math.round(median(footprints.map((each) => each.ms)))} ms`,
  });
  report.say(
    'Write-ahead log: pg_current_wal_insert_lsn after minus before a whole pass with taking and giving back its ' +
      'permit, a CHECKPOINT right before, so that every page first touched counts as a full-page image; autovacuum off meanwhile.',
  );
  await watch.query('alter system reset autovacuum');
  await watch.query('select pg_reload_conf()');
  report.say(
    `The very first unchanged pass after the load wrote ${Math.round(first.walBytes / 1_024)} kB and ${first.written} ` +
      'rows: Postgres marks the pages it just loaded as committed when it first reads them (hint bits, logged because ' +
      'checksums are on). The figures above are of later ones.',
  );
}

interface Footprint {
  ms: number;
  walBytes: number;
  written: number;
  dead: number;
}

async function passFootprint(watch: pg.Client, pass: () => Promise<unknown>): Promise<Footprint> {
  await settledStatistics(watch);
  const before = await readFootprint(watch);
  await watch.query('checkpoint');
  const lsn = await walPosition(watch);
  const ms = await timed(pass);
  const after = await walPosition(watch);
  await settledStatistics(watch);
  const now = await readFootprint(watch);
  return { ms, walBytes: after - lsn, written: now.written - before.written, dead: now.dead };
}

async function walPosition(watch: pg.Client): Promise<number> {
  const { rows } = await watch.query<{ at: string }>(
    `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text as at`,
  );
  return Number(rows[0]!.at);
}

/** Back ends report what they wrote at most a second late. */
async function settledStatistics(watch: pg.Client): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await watch.query('select pg_stat_clear_snapshot()');
}

async function readFootprint(watch: pg.Client): Promise<{ written: number; dead: number }> {
  const { rows } = await watch.query<{ written: number; dead: number }>(
    `select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del) filter (where relname not in ('sync_permits', 'stage_deals')), 0)::int as written,
            coalesce(sum(n_dead_tup) filter (where relname = 'deals'), 0)::int as dead
       from pg_stat_user_tables`,
  );
  return rows[0]!;
}

async function changed(facts: LeadFact[]): Promise<void> {
  const database = await server.open('changed');
  const bare = await server.connect('changed');
  await applyWindow(database, facts);
  await bare.query('vacuum analyze deals');
  let version = 0;
  // Every round changes the same rows again, whoever's turn it is.
  const nextFacts = () => {
    version += 1;
    return facts.map((fact, n) =>
      n % (deals / changedDeals) === 0
        ? { ...fact, multiDeals: 10 + version, updatedAt: after(fact, version) }
        : fact,
    );
  };
  let next: LeadFact[] = [];
  let chunks: string[] = [];
  const prepare = async (rollup = withRollup!) => {
    await bare.query(rollup);
    await bare.query('vacuum deals, deal_history');
    await bare.query('checkpoint');
    next = nextFacts();
    chunks = copyChunks(next);
  };
  const onlyChanged = () => next.filter((_, n) => n % (deals / changedDeals) === 0);
  const times = await race(
    {
      bare: { prepare: () => prepare(withoutRollup), run: () => bareChange(bare, chunks) },
      ours: { prepare: () => prepare(), run: () => applyWindow(database, next) },
    },
    runs,
  );
  await expectCount(bare, `select (count(*) / ${changedDeals})::int from deal_history`, (runs + 1) * 2);
  const delta = await race(
    {
      bare: {
        prepare: async () => {
          await prepare(withoutRollup);
          chunks = copyChunks(onlyChanged());
        },
        run: () => bareChange(bare, chunks),
      },
      ours: {
        prepare: async () => {
          await prepare();
          next = onlyChanged();
        },
        run: () =>
          inPass(database, (context) =>
            applyPass(context, mappedOf(next), {
              movesCursor: true,
              removals: null,
            }),
          ),
      },
    },
    runs,
  );
  const note = (what: string) => ({ what: `bare ${what}COPY, UPDATE and history INSERT` });
  for (const [what, pair, reference] of [
    [`${changedDeals} changed rows of ${deals}, all staged`, times, note('')],
    [`${changedDeals} changed rows alone, staged`, delta, note('')],
  ] as const) {
    const ratio = ratioOf(pair.ours, pair.bare);
    report.figure({
      what,
      value: median(pair.ours),
      unit: 'ms',
      reference: { ...reference, value: median(pair.bare) },
      ratio,
      target: { words: '≤ 1.5', met: ratio <= 1.5 },
    });
  }
  report.say(
    'Changed rows: both sides stage what they were given with COPY, the whole window or the changed rows alone.',
  );
}

function after(fact: LeadFact, seconds: number): Date {
  return new Date(fact.updatedAt.getTime() + seconds * 1_000);
}

async function bareChange(bare: pg.Client, chunks: readonly string[]): Promise<void> {
  await bare.query('begin');
  await bare.query('truncate stage_deals');
  await bareCopy(bare, chunks);
  await bare.query(bareHistory);
  await bare.query(bareUpdate);
  await bare.query('commit');
}

async function bareCopy(bare: pg.Client, chunks: readonly string[]): Promise<void> {
  await pipeline(
    Readable.from(chunks),
    bare.query(copyFrom(`copy stage_deals (${stageColumns}) from stdin`)),
  );
}

async function expectCount(bare: pg.Client, sql: string, expected: number): Promise<void> {
  const { rows } = await bare.query<{ count: number }>({ text: sql });
  const found = Object.values(rows[0]!)[0];
  if (found !== expected)
    throw new Error(`the bench did not do what it says: ${found} instead of ${expected} (${sql})`);
}
