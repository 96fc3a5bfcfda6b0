import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { createSandboxClock, type SandboxClock } from './sandbox-clock.ts';
import { startSandbox } from './start-sandbox.ts';

/** Simulated upstreams for one data folder: a console, a command and an agent in it share them. */
export interface JoinedSandbox {
  /** True when another process runs them. */
  joined: boolean;
  environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const noteSchema = z.object({ pid: z.number().int(), environment: z.record(z.string(), z.string()) });

/** Joins the sandbox that another process of the data folder runs, or starts it for as long as this one lives. */
export async function joinSandbox(options: {
  dataFolder: string;
  frozenNow: Date | null;
  wall(): number;
}): Promise<JoinedSandbox> {
  mkdirSync(options.dataFolder, { recursive: true, mode: 0o700 });
  const noteFile = join(options.dataFolder, 'sandbox.json');
  const running = await runningSandbox(noteFile);
  if (running) return { joined: true, environment: running, close: async () => {} };
  const memoryFile = join(options.dataFolder, 'sandbox-memory.json');
  const isNew = !existsSync(memoryFile);
  const clock = options.frozenNow
    ? createSandboxClock({ start: options.frozenNow, speed: 0 })
    : createSandboxClock();
  const stopCatchUp = isNew && !options.frozenNow ? catchUp(clock) : () => {};
  const sandbox = await startSandbox({ memoryFile, clock });
  const environment = { ...sandbox.environment, OPSDECK_DELTA_SECONDS: String(deltaSeconds) };
  writeFileSync(noteFile, JSON.stringify({ pid: process.pid, environment }), {
    mode: 0o600,
  });
  return {
    joined: false,
    environment,
    async close() {
      stopCatchUp();
      rmSync(noteFile, { force: true });
      await sandbox.close();
    },
  };
}

/** In practice one wants to see a deal arrive, not to wait two minutes for it; the budget allows it. */
const deltaSeconds = 15;

/** A new office begins this far back and lives this many times faster until it has caught up. */
const behindMs = 25 * 60_000;
const speed = 10;

/**
 * Lets the first minutes of a new office be lively ones: deals, late commissions and reassigned leads that would take
 * half an hour come within three minutes. Answers how to stop it.
 */
function catchUp(clock: SandboxClock): () => void {
  const start = clock.now();
  clock.set(start - behindMs);
  clock.run(speed);
  const tookMs = behindMs / (speed - 1);
  const timer = setTimeout(() => {
    clock.set(start + tookMs);
    clock.run(1);
  }, tookMs);
  timer.unref();
  return () => clearTimeout(timer);
}

/** The environment of a sandbox that answers under our account; null when none does. */
async function runningSandbox(noteFile: string): Promise<Record<string, string> | null> {
  const note = readNote(noteFile);
  if (!note || note.pid === process.pid) return null;
  const {
    OPSDECK_ADVERSUS_URL: url,
    OPSDECK_ADVERSUS_USER: user,
    OPSDECK_ADVERSUS_PASSWORD: password,
  } = note.environment;
  try {
    const answer = await fetch(`${url}/organization`, {
      headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
      signal: AbortSignal.timeout(2_000),
    });
    await answer.body?.cancel();
    return answer.ok || answer.status === 429 ? note.environment : null;
  } catch {
    // Left by a process that was killed: nobody answers there any more.
    return null;
  }
}

function readNote(noteFile: string): z.infer<typeof noteSchema> | null {
  try {
    return noteSchema.parse(JSON.parse(readFileSync(noteFile, 'utf8')));
  } catch {
    // None, or torn by a kill while it was written; a new one replaces it.
    return null;
  }
}
