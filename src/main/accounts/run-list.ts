import type {
  AccountAnswer,
  AccountRequest,
  ListProgress,
  ListRow,
  RowResult,
} from '../../shared/contract/accounts.ts';
import { isCancelled, OpsdeckError } from '../errors.ts';

/** Requests under way at a time. */
const atATime = 3;

/**
 * Runs the rows without a problem and tells how far it is after each. Cancelling lets what is under way end and leaves
 * the others alone; a row that fails does not stop the next.
 */
export async function runList(
  rows: readonly ListRow[],
  parts: {
    submit(request: AccountRequest, signal: AbortSignal): Promise<AccountAnswer>;
    signal: AbortSignal;
    onProgress(progress: ListProgress): void;
  },
): Promise<RowResult[]> {
  const ready = rows.filter((row) => row.problem === null);
  const results: RowResult[] = [];
  let next = 0;
  const tell = (stage: ListProgress['stage'], latest: readonly RowResult[]) =>
    parts.onProgress(progressOf(stage, ready.length, results, latest, parts.signal.aborted));

  async function work(): Promise<void> {
    for (let row = ready[next++]; row && !parts.signal.aborted; row = ready[next++]) {
      const result = await runRow(row, parts.submit, parts.signal);
      results.push(result);
      tell('running', [result]);
    }
  }
  tell('running', []);
  await Promise.all(Array.from({ length: atATime }, work));
  const done = new Set(results.map(({ line }) => line));
  const left = ready
    .filter(({ line }) => !done.has(line))
    .map(({ line, email }): RowResult => ({ line, email, result: 'cancelled', message: null }));
  results.push(...left);
  tell('ended', left);
  return results;
}

async function runRow(
  { line, email, name, plan }: ListRow,
  submit: (request: AccountRequest, signal: AbortSignal) => Promise<AccountAnswer>,
  signal: AbortSignal,
): Promise<RowResult> {
  try {
    // Not the list's signal: what is under way ends, so that its outcome is known.
    const answer = await submit({ email, name, plan }, new AbortController().signal);
    return { line, email, result: answer.result, message: answer.reason };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const isRefused = error instanceof OpsdeckError && error.code === 'CONFLICT';
    const result = isCancelled(error) && signal.aborted ? 'cancelled' : isRefused ? 'refused' : 'failed';
    return { line, email, result, message };
  }
}

/** Sums results up. */
export function progressOf(
  stage: ListProgress['stage'],
  total: number,
  results: readonly RowResult[],
  latest: readonly RowResult[],
  cancelled: boolean,
): ListProgress {
  const count = (...kinds: RowResult['result'][]) =>
    results.filter(({ result }) => kinds.includes(result)).length;
  return {
    stage,
    total,
    done: results.length - count('cancelled'),
    created: count('created'),
    queued: count('queued', 'kept'),
    skipped: count('skipped', 'completed'),
    failed: count('refused', 'failed'),
    cancelled,
    rows: [...latest],
  };
}
