import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { systemClock } from '../../../src/main/clock.ts';
import { OpsdeckError } from '../../../src/main/errors.ts';
import { openMirror, type Mirror } from '../../../src/main/mirror/mirror.ts';
import type { Outbox } from '../../../src/main/outbox/outbox.ts';
import { openDatabase, type Database } from '../../../src/main/storage/postgres.ts';
import { backUp } from '../../../src/main/system/backups/back-up.ts';
import { silentLog } from '../../deals/pass-office.ts';
import { decision, openOutbox } from '../../outbox/outbox-office.ts';
import { startControlledPostgres } from '../support/controlled-postgres.ts';
import type { FaultCase, FaultRun } from '../support/fault-case.ts';
import { openSmallDisk, type SmallDisk } from '../support/small-disk.ts';

/** SQ-4: this console's disk is full, a little before or in the middle of whatever it writes. */
export const fullDisk: FaultCase = {
  name: 'SQ-4',
  promise:
    'On a full disk no decision is shown as saved that is not, none that was is lost; the local copy and a backup say that they could not be written and leave nothing half; all of them work again as soon as there is room.',
  run: (run) => fillUp(run, (outbox) => outbox),
  mutant: {
    naive: 'an outbox that logs what it could not write',
    run: (run) => fillUp(run, (outbox) => ({ ...outbox, keep: careless(outbox) })),
  },
};

const careless =
  (outbox: Outbox): Outbox['keep'] =>
  (...given) => {
    try {
      return outbox.keep(...given);
    } catch {
      return 'logged';
    }
  };

async function fillUp(run: FaultRun, wrap: (outbox: Outbox) => Outbox): Promise<void> {
  const server = await startControlledPostgres();
  const database = openDatabase({ url: server.url, applicationName: 'faults disk' });
  await database.query(
    `insert into system_health_logs (event_type, message) select 'INFO', md5(n::text) || repeat(md5((n * 7)::text), 20) from generate_series(1, 4000) n`,
  );
  try {
    for (let round = 1; round <= run.rounds; round++) {
      const disk = openSmallDisk(6);
      if (!disk) return run.violated('a small file system could not be mounted here: run as root');
      try {
        await onDisk(run, disk, database, wrap);
      } finally {
        disk.close();
      }
    }
  } finally {
    await database.close();
    await server.close();
  }
}

async function onDisk(run: FaultRun, disk: SmallDisk, database: Database, wrap: (outbox: Outbox) => Outbox) {
  const { outbox: real, durable } = openOutbox(join(disk.folder, 'durable.sqlite'));
  const outbox = wrap(real);
  const place = { place: 'north', clock: systemClock(), log: silentLog };
  const mirror = openMirror(join(disk.folder, 'mirror.sqlite'), place);
  mirror.adopt('a database');
  const saved: number[] = [];
  for (let id = 1; id <= 10; id += 1) saved.push(...keep(run, outbox, id));
  await write(mirror, 1, 50);

  disk.fill(run.random.int(0, 24) * 4_096);
  run.injected('disk full while decisions are kept');
  let refused = 0;
  for (let id = 11; id <= 60; id += 1) {
    const now = keep(run, outbox, id);
    if (now.length === 0) refused += 1;
    saved.push(...now);
  }
  run.measured('decisions refused', refused);
  run.injected('disk full while the local copy is written');
  if (await write(mirror, 2, 3_000)) run.violated('a copy that could not be written says that it was');
  await backsUp(run, disk, database, false);

  disk.free();
  judge(run, real, saved);
  const again = keep(run, outbox, 1_000);
  if (again.length === 0) run.violated('with room again a decision is still refused');
  judge(run, real, [...saved, ...again]);
  // As when the console goes on filling it: the next part, or all anew.
  if (!(await write(mirror, 3, 200)) && !(await write(mirror, 3, 200)))
    run.violated('with room again the local copy is still not written');
  if (mirror.topic('about', z.object({ round: z.number() }))?.round !== 3)
    run.violated('the local copy does not hold what was written last');
  durable.close();
  await mirror.close();
}

/** Keeps a decision; its number when a screen would show it as saved. */
function keep(run: FaultRun, outbox: Outbox, id: number): number[] {
  try {
    outbox.keep('a database', { ...decision({ id, version: 1 }), note: 'n'.repeat(500) });
    return [id];
  } catch (error) {
    if (!(error instanceof OpsdeckError) || !/Nothing was saved/.test(error.message))
      run.violated(`refused without words: ${String(error)}`);
    return [];
  }
}

function judge(run: FaultRun, outbox: Outbox, saved: readonly number[]): void {
  const kept = outbox
    .waiting('a database', 0, 10_000)
    .map(({ payload }) => (payload?.kind === 'decision' ? payload.id : -1));
  for (const id of saved)
    if (!kept.includes(id)) run.violated(`decision ${id} was shown as saved and is not there`);
  if (new Set(kept).size !== kept.length || kept.includes(-1))
    run.violated('a decision is there twice, or damaged');
  // Nobody was told of these: people decide again, and the case's version takes care of the rest.
  run.measured('kept, though refused', kept.filter((id) => !saved.includes(id)).length);
}

function write(mirror: Mirror, round: number, rows: number): Promise<boolean> {
  const put = Array.from({ length: rows }, (_, id) => ({
    ...{ id: id + 1, position: String(id), search: '' },
    body: JSON.stringify({ text: 'r'.repeat(1_500), round }),
  }));
  return mirror.write({
    topics: { about: { round } },
    rows: { topic: 'cases', put, remove: [], whole: true },
  });
}

async function backsUp(run: FaultRun, disk: SmallDisk, database: Database, expected: boolean): Promise<void> {
  const parts = { clock: systemClock(), log: silentLog, folder: disk.folder, place: 'test', label: 'test' };
  const path = join(disk.folder, 'office.backup');
  run.injected('disk full while a backup is made');
  const made = await backUp(
    { database, ...parts, sandbox: false, holder: 'test' },
    { kind: 'manual', path, actor: null, signal: new AbortController().signal },
  ).then(
    () => true,
    (error: unknown) => {
      if (!(error instanceof OpsdeckError)) run.violated(`a backup failed without words: ${String(error)}`);
      return false;
    },
  );
  if (made !== expected) run.violated('a backup was made on a full disk');
  const left = readdirSync(disk.folder).filter((name) => name.startsWith('office.backup'));
  if (!made && left.length > 0) run.violated(`a failed backup left ${left.join(', ')}`);
}
