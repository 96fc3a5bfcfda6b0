/*
 * A catalogue of about 11 000 packages by the program's own pass (permit, run row, read, parse and fold in a thread,
 * stage, classification, apply) against parsing the same answer and merging the same rows in plain SQL.
 */
import { from as copyFrom } from 'pg-copy-streams';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import type pg from 'pg';
import { catalogueRows, stageColumns } from '../../src/main/packages/catalogue-rows.ts';
import { foldCatalogue } from '../../src/main/packages/fold-catalogue.ts';
import { startBenchServer } from './support/bench-server.ts';
import { median } from './support/figures.ts';
import { race, ratioOf } from './support/measure.ts';
import { packageDeps, passOver, startSupplier } from './support/package-bench.ts';
import { startReport } from './support/report.ts';

const columns = stageColumns.split(', ');
const tables = [
  ...[
    'packages',
    'package_history',
    'package_health',
    'package_validations',
    'my_packages',
    'package_proposals',
    'catalogue_seen',
  ],
  ...['rejected_records', 'held_removals', 'system_health_logs'],
];
const report = startReport('catalogue');
const server = await startBenchServer(report);
const supplier = await startSupplier();
try {
  const body = await readCatalogue(supplier.url);
  const packages = foldCatalogue(JSON.parse(new TextDecoder().decode(body))).facts.length;
  report.say(
    `The answer has ${packages} packages in ${(body.byteLength / 1_048_576).toFixed(1)} MB; it is handed over from memory, so that the network is not measured.`,
  );
  await load(body, packages);
  await unchanged(body);
  report.print();
} finally {
  supplier.stop();
  await server.close();
}

async function readCatalogue(url: string): Promise<Uint8Array> {
  const answer = await fetch(`${url}/api/esim/packages`, { headers: { authorization: 'Bearer sandbox' } });
  return new Uint8Array(await answer.arrayBuffer());
}

async function load(body: Uint8Array, packages: number): Promise<void> {
  const database = await server.open('catalogue');
  const bare = await server.connect('catalogue');
  const deps = packageDeps(database, supplier.url, () => body);
  const prepare = async () => {
    await bare.query('truncate packages, package_history, package_health');
    await bare.query('checkpoint');
  };
  const check = async () => {
    const found = await bare.query<{ n: number }>('select count(*)::int as n from packages');
    if (found.rows[0]!.n !== packages) throw new Error(`${found.rows[0]!.n} packages instead of ${packages}`);
  };
  const chunks = catalogueRows(foldCatalogue(JSON.parse(new TextDecoder().decode(body))).facts);
  const bareRun = async () => {
    JSON.parse(new TextDecoder().decode(body));
    await bareMerge(bare, chunks);
  };
  const times = await race(
    { bare: { prepare, run: bareRun, check }, ours: { prepare, run: () => passOver(deps), check } },
    7,
  );
  const ratio = ratioOf(times.ours, times.bare);
  report.figure({
    what: `first load, ${packages} packages`,
    value: median(times.ours),
    unit: 'ms',
    reference: { what: 'JSON.parse + bare COPY + MERGE', value: median(times.bare) },
    ratio,
    target: { words: '≤ 1.5', met: ratio <= 1.5 },
    note: 'whole pass, with the thread’s start, permit, run row and validation',
  });
  const steady = await race({ bare: { run: bareRun, check }, ours: { run: () => passOver(deps), check } }, 7);
  const again = ratioOf(steady.ours, steady.bare);
  report.figure({
    what: 'unchanged pass',
    value: median(steady.ours),
    unit: 'ms',
    reference: {
      what: 'JSON.parse + bare COPY + MERGE that finds nothing to do',
      value: median(steady.bare),
    },
    ratio: again,
    target: { words: '≤ 1.5', met: again <= 1.5 },
  });
}

async function unchanged(body: Uint8Array): Promise<void> {
  const database = await server.open('catalogue_still');
  const watch = await server.connect('catalogue_still');
  const deps = packageDeps(database, supplier.url, () => body);
  await passOver(deps);
  const from = await watch.query<{ id: string }>('select pg_current_xact_id()::text as id');
  const result = await passOver(deps);
  const rows = await writtenSince(watch, from.rows[0]!.id);
  report.figure({
    what: 'unchanged: rows written',
    value: rows,
    unit: 'rows',
    target: { words: '0', met: rows === 0 && result.inserted + result.updated + result.removed === 0 },
    note: 'tables of packages, shelf, holds and health events; the pass’s own run row and its two change entries stand besides',
  });
}

/** Rows of these tables that a later transaction wrote. */
async function writtenSince(watch: pg.Client, xact: string): Promise<number> {
  let rows = 0;
  for (const table of tables) {
    const found = await watch.query<{ n: number }>(
      `select count(*)::int as n from ${table} where xmin::text::bigint > $1::bigint`,
      [xact],
    );
    rows += found.rows[0]!.n;
  }
  return rows;
}

async function bareMerge(bare: pg.Client, chunks: readonly Uint8Array[]): Promise<void> {
  await bare.query('begin');
  await bare.query('truncate stage_packages');
  const copy = bare.query(copyFrom(`copy stage_packages (${stageColumns}) from stdin`));
  await pipeline(Readable.from(chunks), copy);
  const content = columns.slice(2);
  await bare.query(
    `merge into packages p using stage_packages s on p.reseller_id = s.reseller_id
      when matched and (${content.map((name) => `p.${name}`).join(', ')}) is distinct from (${content.map((name) => `s.${name}`).join(', ')})
        then update set ${content.map((name) => `${name} = s.${name}`).join(', ')}
      when not matched then insert (${stageColumns}) values (${columns.map((name) => `s.${name}`).join(', ')})`,
  );
  await bare.query('commit');
}
