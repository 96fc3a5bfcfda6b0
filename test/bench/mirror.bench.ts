/*
 * The local copy against bare better-sqlite3 with the same file, tables and pragmas: one change written through, today
 * loaded, and 100 000 rows in one transaction.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { systemClock } from '../../src/main/clock.ts';
import { keepDeal, readKeptDeal } from '../../src/main/deals/today-rows.ts';
import type { Log } from '../../src/main/log.ts';
import type { MirrorRow } from '../../src/main/mirror/mirror-store.ts';
import { openMirror } from '../../src/main/mirror/mirror.ts';
import { openMirrorFile } from '../../src/main/storage/mirror-file.ts';
import { median } from './support/figures.ts';
import { race, type Contender } from './support/measure.ts';
import { startReport } from './support/report.ts';

const todays = 5_000;
const many = 100_000;
const folder = mkdtempSync(join(tmpdir(), 'opsdeck-bench-mirror-'));
const log: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };

const deal = (id: number): MirrorRow => ({
  id,
  position: '',
  search: '',
  body: keepDeal({
    id,
    leadId: `L${id}`,
    userId: 1_000 + (id % 200),
    campaign: 'Kampanj',
    commission: '4500.00',
    multiDeals: 1,
    orderDate: new Date('2026-11-22T09:14:00.000Z'),
    orderDateSource: 'instant',
    notes: [],
    createdAt: new Date('2026-11-22T09:14:00.000Z'),
    syncedAt: new Date('2026-11-22T09:14:00.000Z'),
    upstreamAt: new Date('2026-11-22T09:14:00.000Z'),
  }),
});

const report = startReport('mirror');
const mirror = openMirror(join(folder, 'ours.sqlite'), { place: 'bench', clock: systemClock(), log });
mirror.adopt('bench');
const bare = openMirrorFile(join(folder, 'bare.sqlite'), 0).sqlite!;
report.version('sqlite', String(bare.prepare('select sqlite_version()').pluck().get()));

const putRow = bare.prepare(
  `insert into rows (topic, id, position, search, body, crc) values (?, ?, ?, ?, ?, ?)
     on conflict (topic, id) do update set position = excluded.position, search = excluded.search,
       body = excluded.body, crc = excluded.crc`,
);
const putTopic = bare.prepare(
  `insert into topics (topic, body, crc) values (?, ?, ?)
     on conflict (topic) do update set body = excluded.body, crc = excluded.crc`,
);
const allOf = bare.prepare<[string], { body: string }>(
  'select body from rows where topic = ? order by position, id',
);
const bareWrite = bare.transaction((topic: string, rows: readonly MirrorRow[]) => {
  for (const { id, position, search, body } of rows) putRow.run(topic, id, position, search, body, 0);
  putTopic.run('today', '{"seq":1}', 0);
});

const ours = (topic: string, put: readonly MirrorRow[]) =>
  mirror.write({ topics: { today: { seq: 1 } }, rows: { topic, put, remove: [] } });

const filled = Array.from({ length: todays }, (_, n) => deal(n + 1));
await ours('deals', filled);
bareWrite('deals', filled);

let next = 0;
await compare('a change written through', 2_000, {
  ours: { run: () => ours('deals', [deal((next++ % todays) + 1)]) },
  bare: { run: () => bareWrite('deals', [deal((next++ % todays) + 1)]) },
});
await compare('today loaded, 5 000 deals', 60, {
  ours: { run: () => must(mirror.all('deals', readKeptDeal).length === todays) },
  bare: {
    run: () => must(allOf.all('deals').map(({ body }) => JSON.parse(body) as object).length === todays),
  },
});
const rows = Array.from({ length: many }, (_, n) => deal(n + 1));
await compare('100 000 rows in one transaction', 7, {
  ours: { run: () => ours('many', rows) },
  bare: { run: () => bareWrite('many', rows) },
});
report.say(
  'Speed is bare time over ours, median of the rounds. Ours adds a checksum to each row and reads every row by its ' +
    'schema; 100 000 rows are written in slices between which main goes on with other work.',
);
report.say(`A checksum of such a row takes ${(checksumMs() * 1_000).toFixed(2)} µs.`);
report.print();
await mirror.close();
bare.close();
rmSync(folder, { recursive: true, force: true });

async function compare(
  what: string,
  runs: number,
  contenders: { ours: Contender; bare: Contender },
): Promise<void> {
  const times = await race(contenders, runs);
  const speed = median(times.bare.map((ms, round) => ms / times.ours[round]!));
  report.figure({
    what,
    value: median(times.ours),
    unit: 'ms',
    reference: { what: 'bare', value: median(times.bare) },
    ratio: speed,
    target: { words: '≥ 0.7 × bare', met: speed >= 0.7 },
  });
}

function must(holds: boolean): void {
  if (!holds) throw new Error('not everything was read');
}

function checksumMs(): number {
  const { body } = deal(1);
  const started = performance.now();
  for (let n = 0; n < 10_000; n += 1) crc32(body);
  return (performance.now() - started) / 10_000;
}
