import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kept } from '../../../src/main/outbox/kept-decision.ts';
import { decision, openOutbox } from '../../outbox/outbox-office.ts';
import type { FaultCase, FaultRun } from '../support/fault-case.ts';

const decisions = 200;

/** SQ-3: the power goes: of what was being written only a part is on the disk, and some of that is garbage. */
export const cutPower: FaultCase = {
  name: 'SQ-3',
  promise:
    'Wherever the write-ahead log was cut or garbled, the durable file opens and holds the first decisions without a hole, each as it was.',
  run: (run) => cutLog(run),
  mutant: { naive: 'decisions in a file of lines, read as they come', run: (run) => cutLines(run) },
};

const note = (id: number) => `note ${id} ${'n'.repeat(id % 90)}`;

async function cutLog(run: FaultRun): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'opsdeck-power-'));
  try {
    const { outbox, durable, path } = openOutbox(join(folder, 'whole.sqlite'));
    durable.open().pragma('wal_autocheckpoint = 0');
    for (let id = 1; id <= decisions; id += 1)
      outbox.keep('a database', { ...decision({ id, version: 1 }), note: note(id) });
    const files = { database: readFileSync(path), log: readFileSync(`${path}-wal`) };
    durable.close();
    for (let round = 1; round <= run.rounds; round++) {
      const copy = join(folder, `cut-${round}.sqlite`);
      writeFileSync(copy, files.database);
      writeFileSync(`${copy}-wal`, harm(run, files.log));
      judge(run, openCut(run, copy));
      for (const ending of ['', '-wal', '-shm']) rmSync(copy + ending, { force: true });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Cuts at a random byte; half the time what is left of the last 16 kB is garbage from a random byte on. */
function harm(run: FaultRun, whole: Buffer): Buffer {
  const cut = Buffer.from(whole.subarray(0, run.random.int(0, whole.length)));
  const garbles = run.random.chance(0.5);
  run.injected(garbles ? 'log cut and garbled' : 'log cut');
  if (!garbles || cut.length === 0) return cut;
  const from = run.random.int(Math.max(0, cut.length - 16_384), cut.length - 1);
  for (let at = from; at < cut.length; at += run.random.int(1, 40))
    cut[at] = cut[at]! ^ run.random.int(1, 255);
  return cut;
}

function openCut(run: FaultRun, path: string): Kept[] {
  const { outbox, durable } = openOutbox(path);
  const kept = outbox.waiting('a database', 0, 10_000);
  if (existsSync(`${path}.bad`)) run.violated('a cut log was taken for damage');
  // It is worked on as if nothing had been.
  outbox.keep('a database', decision({ id: 999_999, version: 1 }));
  durable.close();
  return kept;
}

function judge(run: FaultRun, kept: readonly Pick<Kept, 'payload'>[]): void {
  run.measured('decisions left', kept.length);
  kept.forEach(({ payload }, index) => {
    if (payload?.kind !== 'decision' || payload.id !== index + 1)
      run.violated(`decision ${index + 1} is missing before later ones, or damaged`);
    else if (payload.note !== note(payload.id)) run.violated(`decision ${payload.id} is another`);
  });
}

async function cutLines(run: FaultRun): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'opsdeck-power-'));
  const path = join(folder, 'whole.jsonl');
  const lines = Array.from({ length: decisions }, (_, index) =>
    JSON.stringify({ ...decision({ id: index + 1, version: 1 }), note: note(index + 1) }),
  );
  writeFileSync(path, lines.join('\n'));
  for (let round = 1; round <= run.rounds; round++) {
    const copy = join(folder, 'cut.jsonl');
    copyFileSync(path, copy);
    writeFileSync(copy, harm(run, readFileSync(path)));
    const read = readFileSync(copy, 'utf8')
      .split('\n')
      .flatMap((line) => {
        try {
          return [{ payload: JSON.parse(line) as Kept['payload'] }];
        } catch {
          return [];
        }
      });
    judge(run, read);
  }
  rmSync(folder, { recursive: true, force: true });
}
