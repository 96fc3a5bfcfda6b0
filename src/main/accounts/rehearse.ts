import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Rehearsal } from '../../shared/contract/tasks.ts';
import { OpsdeckError } from '../errors.ts';
import { countByState, removeRehearsed } from './accounts-store.ts';
import type { DirectoryUser } from './directory-client.ts';
import type { KeyedRequest } from './request-key.ts';
import { direct, submitAccount, type SubmitDeps } from './submit-account.ts';

type Path = Rehearsal['queue'];

/** Queued requests are waited for so long at most, in ms. */
const longestWaitMs = 120_000;
const lookMs = 200;

/**
 * Sends as many synthetic requests through either path, each of them twice, against the sandbox's directory, and
 * compares what came of them. Rows of ours are taken away afterwards. CONFIG_INVALID for any other directory.
 */
export async function rehearse(
  deps: SubmitDeps,
  requests: number,
  by: { actor: string; console: string; directoryUrl: string; runners: number },
  signal?: AbortSignal,
): Promise<Rehearsal> {
  await refuseRealDirectory(by.directoryUrl);
  if (by.runners === 0)
    throw new OpsdeckError('CONFLICT', 'No process carries out tasks now, so the queue cannot be rehearsed.');
  const run = `rehearsal-${randomUUID().slice(0, 8)}`;
  const make = (path: string) => (n: number) => requestOf(`${run}-${path}`, n, by);
  try {
    const queue = await rehearsePath(deps, `${run}-queue-`, requests, signal, (n) =>
      submitAccount({ ...deps, mode: { ...deps.mode, read: queued } }, make('queue')(n), signal),
    );
    const straight = await rehearsePath(deps, `${run}-direct-`, requests, signal, (n) =>
      direct(deps, make('direct')(n), signal),
    );
    const users = await deps.directory().listUsers(signal);
    const whole = {
      queue: counted(queue, users, `${run}-queue-`),
      direct: counted(straight, users, `${run}-direct-`),
    };
    return { requests, ...whole, equal: isEqual(whole.queue, whole.direct) };
  } finally {
    await removeRehearsed(deps.database, `${run}-`).catch(() => {});
  }
}

const queued = () => Promise.resolve({ mode: 'async_queue' as const, cachedAt: null, believed: false });

function requestOf(prefix: string, n: number, by: { actor: string; console: string }): KeyedRequest {
  const key = `${prefix}-${n}`;
  return {
    key,
    email: `${key}@example.invalid`,
    name: `Rehearsal ${n}`,
    plan: 'rehearsal',
    actor: by.actor,
    console: by.console,
  };
}

/** Sends each request, waits until all are answered, and sends each again. */
async function rehearsePath(
  { database, clock }: SubmitDeps,
  prefix: string,
  requests: number,
  signal: AbortSignal | undefined,
  send: (n: number) => Promise<{ result: string }>,
): Promise<Path> {
  const started = clock.monotonic();
  let failed = 0;
  const ask = (n: number) => send(n).catch(() => ((failed += 1), null));
  for (let n = 1; n <= requests; n++) await ask(n);
  let states = await countByState(database, prefix);
  while (states.open > 0 && clock.monotonic() - started < longestWaitMs) {
    await clock.sleep(lookMs, signal);
    states = await countByState(database, prefix);
  }
  const took = clock.monotonic() - started;
  let skipped = 0;
  for (let n = 1; n <= requests; n++) if ((await ask(n))?.result === 'skipped') skipped += 1;
  return {
    asked: requests,
    created: states.accounts,
    skipped,
    refused: states.refused,
    failed: failed + states.open,
    in_directory: 0,
    took_ms: Math.round(took),
  };
}

function counted(path: Path, users: readonly DirectoryUser[], prefix: string): Path {
  return { ...path, in_directory: users.filter(({ requestKey }) => requestKey?.startsWith(prefix)).length };
}

/** True when both paths came to the same, times aside. */
export function isEqual(one: Path, other: Path): boolean {
  const facts = ({ took_ms: _took, ...rest }: Path) => JSON.stringify(rest);
  return facts(one) === facts(other);
}

const mark = z.object({ opsdeck_sandbox: z.literal('directory') });

/** Synthetic accounts never go into a directory that anybody uses: it has to be on loopback and say what it is. */
async function refuseRealDirectory(url: string): Promise<void> {
  const isHere = URL.canParse(url) && new URL(url).hostname === '127.0.0.1';
  const isSandbox =
    isHere &&
    (await fetch(`${url.replace(/\/+$/, '')}/sandbox`, {
      signal: AbortSignal.timeout(5_000),
      redirect: 'error',
    })
      .then(async (answer) => mark.safeParse(await answer.json()).success)
      .catch(() => false));
  if (isSandbox) return;
  throw new OpsdeckError(
    'CONFIG_INVALID',
    'A rehearsal makes accounts that nobody asked for, so it runs against the sandbox’s directory only.',
  );
}
