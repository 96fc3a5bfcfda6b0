/*
 * The mode read 10 000 times a second for two minutes, as requests at work do: how often the database is asked. Time is
 * simulated; the cache, the statement and Postgres are the program's own.
 */
import { randomUUID } from 'node:crypto';
import { systemClock } from '../../src/main/clock.ts';
import type { Database } from '../../src/main/storage/postgres.ts';
import { createModeCache } from '../../src/main/system/mode.ts';
import { startBenchServer } from './support/bench-server.ts';
import { median } from './support/figures.ts';
import { startReport } from './support/report.ts';

const readsASecond = 10_000;
const seconds = 120;

const report = startReport('mode');
const server = await startBenchServer(report);
try {
  const database = await server.open('mode');
  let queries = 0;
  const counted: Database = {
    ...database,
    query: (...given) => ((queries += 1), database.query(...given)),
    vital: { query: (...given) => ((queries += 1), database.vital.query(...given)) },
    transaction: (...given) => ((queries += 1), database.transaction(...given)),
  };
  let monotonic = 0;
  const clock = { ...systemClock(), monotonic: () => monotonic };
  const processId = randomUUID();
  await database.query(
    `insert into processes (id, kind, host, pid, version) values ($1, 'cli', 'bench', 1, '0')`,
    [processId],
  );
  const mode = createModeCache({ database: counted, clock, processId });
  const perRead: number[] = [];
  for (let second = 0; second < seconds; second++) {
    const started = performance.now();
    for (let read = 0; read < readsASecond; read++) {
      monotonic = second * 1_000 + (read * 1_000) / readsASecond;
      if ((await mode.read()).mode !== 'async_queue') throw new Error('the mode was not what it is');
    }
    perRead.push(((performance.now() - started) * 1_000) / readsASecond);
  }
  report.figure({
    what: `queries for ${readsASecond} reads a second over ${seconds} s`,
    value: queries,
    unit: 'queries',
    target: { words: '≤ 2', met: queries <= 2 },
    note: `${median(perRead).toFixed(2)} µs a read`,
  });
  report.print();
} finally {
  await server.close();
}
