import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { createSandboxClock } from './sandbox-clock.ts';
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
  const sandbox = await startSandbox({
    memoryFile: join(options.dataFolder, 'sandbox-memory.json'),
    ...(options.frozenNow
      ? { clock: createSandboxClock({ start: options.frozenNow, speed: 0 }) }
      : {}),
  });
  writeFileSync(noteFile, JSON.stringify({ pid: process.pid, environment: sandbox.environment }), {
    mode: 0o600,
  });
  return {
    joined: false,
    environment: sandbox.environment,
    async close() {
      rmSync(noteFile, { force: true });
      await sandbox.close();
    },
  };
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
