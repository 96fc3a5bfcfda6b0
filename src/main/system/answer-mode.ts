import type { ModeView, SystemMode } from '../../shared/contract/mode.ts';
import type { Database } from '../storage/postgres.ts';
import { listModes } from './mode-store.ts';
import type { BelievedMode, ModeCache } from './mode.ts';

export interface ModeParts {
  database: Database;
  mode: ModeCache;
  processId: string;
}

/** The mode, and what every process believes it to be. Rejects while the database is away. */
export async function getMode({ database, mode, processId }: ModeParts): Promise<ModeView> {
  const believed = await mode.read();
  const processes = await listModes(database);
  return {
    ...viewOf(believed),
    processes: processes.map((process) => ({
      id: process.id,
      kind: process.kind,
      host: process.host,
      pid: process.pid,
      version: process.version,
      mode: process.mode,
      since: process.since?.toISOString() ?? null,
      seen_at: process.seenAt.toISOString(),
      alive: process.alive,
      runs_tasks: process.runsTasks,
      self: process.id === processId,
    })),
  };
}

/** What is believed while the database is away. */
export function believedMode(believed: BelievedMode): ModeView {
  return { ...viewOf({ ...believed, believed: true }), processes: [] };
}

/** Switches, and answers how it is then. */
export async function setMode(
  parts: ModeParts,
  input: { mode: SystemMode; confirmed: boolean },
  by: { actor: string; console: string },
): Promise<ModeView> {
  await parts.mode.set(input.mode, { confirmed: input.confirmed, ...by });
  return getMode(parts);
}

function viewOf({ mode, cachedAt, believed }: BelievedMode) {
  return { mode, cachedAt: cachedAt?.toISOString() ?? null, believed };
}
