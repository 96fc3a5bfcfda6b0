import { runTasks } from '../office/office-jobs.ts';
import { listModes } from '../system/mode-store.ts';
import type { Output } from './output.ts';
import type { CommandParts } from './with-workspace.ts';

/** A command without anybody else to carry its tasks out stays for so long at most, in ms. */
const longestStayMs = 60_000;
const lookMs = 100;

/**
 * Does work that may queue tasks. Where no console or agent carries tasks out, this command does until nothing waits
 * that it could do something about; `OPSDECK_RUN_TASKS=0` leaves them.
 */
export async function withTasks<T>(parts: CommandParts, output: Output, work: () => Promise<T>): Promise<T> {
  const done = await work();
  const { accounts } = parts.workspace;
  if (!parts.config.runTasks || (await accounts.mode.read()).mode !== 'async_queue') return done;
  const isLeft = async () => {
    const { waiting, running } = await accounts.queue.counts();
    return waiting + running > 0;
  };
  if (!(await isLeft().catch(() => false))) return done;
  const processes = await listModes(accounts.database);
  if (processes.some(({ alive, runsTasks }) => alive && runsTasks)) return done;
  output.note('No console or agent carries tasks out, so this command does.');
  const runner = runTasks(parts.workspace, parts.log);
  try {
    const until = accounts.clock.monotonic() + longestStayMs;
    while (!parts.signal.aborted && accounts.clock.monotonic() < until && (await isLeft().catch(() => true)))
      await accounts.clock.sleep(lookMs, parts.signal).catch(() => {});
  } finally {
    await runner?.close();
  }
  return done;
}

/** Does work that needs somebody who carries tasks out: this command does where nobody else does. */
export async function withRunner<T>(
  { workspace, log, signal }: CommandParts,
  output: Output,
  work: () => Promise<T>,
): Promise<T> {
  const { database, clock } = workspace.accounts;
  const isThere = async () => (await listModes(database)).some(({ alive, runsTasks }) => alive && runsTasks);
  if (await isThere()) return work();
  output.note('No console or agent carries tasks out, so this command does.');
  const runner = runTasks(workspace, log);
  try {
    const until = clock.monotonic() + longestStayMs;
    while (runner !== null && !signal.aborted && clock.monotonic() < until && !(await isThere()))
      await clock.sleep(lookMs, signal).catch(() => {});
    return await work();
  } finally {
    await runner?.close();
  }
}
