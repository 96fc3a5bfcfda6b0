import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openOutbox } from '../../outbox/outbox-office.ts';
import type { FaultCase, FaultRun } from '../support/fault-case.ts';

/** SQ-2: a console is killed while it keeps decisions, again and again over the same file. */
export const killedKeeper: FaultCase = {
  name: 'SQ-2',
  promise:
    'A decision that was shown as saved is there after kill -9 at any instant, once and as it was; the file is whole.',
  run: (run) => keepAndKill(run, 'real'),
  mutant: {
    naive: 'a console that says saved and writes twenty at a time',
    run: (run) => keepAndKill(run, 'naive'),
  },
};

async function keepAndKill(run: FaultRun, kind: 'real' | 'naive'): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'opsdeck-killed-'));
  const path = join(folder, 'durable.sqlite');
  const told: number[] = [];
  try {
    for (let round = 1; round <= run.rounds; round++) {
      told.push(...(await keepUntilKilled(run, path, kind, (told.at(-1) ?? 0) + 1_000)));
      run.injected('kill -9 while decisions are kept');
    }
    judge(run, path, told);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One process over the file; answers the numbers that it told before it was killed at a random instant. */
async function keepUntilKilled(run: FaultRun, path: string, kind: string, first: number): Promise<number[]> {
  const program = join(import.meta.dirname, '../support/keeping-process.ts');
  const args = ['--disable-warning=ExperimentalWarning', program, path, kind, String(first)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  if (child.exitCode !== null) throw new Error(`the process ended by itself with ${child.exitCode}`);
  await sleep(run.random.int(0, 120));
  child.kill('SIGKILL');
  await once(child, 'close');
  const whole = said.slice(0, said.lastIndexOf('\n') + 1);
  return whole.split('\n').filter(Boolean).map(Number);
}

function judge(run: FaultRun, path: string, told: readonly number[]): void {
  const { outbox, durable } = openOutbox(path);
  if (durable.open().pragma('integrity_check', { simple: true }) !== 'ok')
    run.violated('the file is damaged');
  const kept = outbox.waiting('a database', 0, 10_000_000);
  const notes = new Map(
    kept.map(({ payload }) => (payload?.kind === 'decision' ? [payload.id, payload.note] : [-1, undefined])),
  );
  if (notes.size !== kept.length) run.violated('a decision is there twice, or damaged');
  for (const id of told)
    if (notes.get(id) !== `note ${id}`) run.violated(`decision ${id} was told as saved and is gone`);
  run.measured('told as saved', told.length);
  run.measured('kept, though nobody was told', kept.length - told.length);
  durable.close();
}
