import { join } from 'node:path';
import { consoleDefaults, consoleSettings, type ConsoleSettings } from '../../shared/contract/system.ts';
import type { Clock } from '../clock.ts';
import { OpsdeckError } from '../errors.ts';
import { readJsonFile, setAside, writeJsonFile } from '../json-file.ts';
import type { Log } from '../log.ts';

/** The settings of this console alone, kept in `console-settings.json` of the data folder. */
export interface ConsoleSettingsStore {
  get(): ConsoleSettings;
  /** Resolves once the change is on disk; refuses with a sentence when it cannot be kept. */
  change(patch: {
    [Name in keyof ConsoleSettings]?: ConsoleSettings[Name] | undefined;
  }): Promise<ConsoleSettings>;
  /** Calls back after each change; returns how to stop that. */
  onChange(listener: (settings: ConsoleSettings) => void): () => void;
  /** What could not be used of the file that was found, in words; null when all was well. */
  readonly problem: string | null;
}

/** Reads the settings at once (a window's colour depends on them). An unreadable file is set aside and said. */
export function openConsoleSettings(dataFolder: string, clock: Clock, log: Log): ConsoleSettingsStore {
  const path = join(dataFolder, 'console-settings.json');
  const found = readSettings(path, clock, log);
  const listeners = new Set<(settings: ConsoleSettings) => void>();
  let { settings } = found;
  let lastWrite: Promise<unknown> = Promise.resolve();

  async function change(patch: Parameters<ConsoleSettingsStore['change']>[0]): Promise<ConsoleSettings> {
    const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
    const next = consoleSettings.parse({ ...settings, ...given });
    try {
      await writeJsonFile(path, { ...found.unknown, ...next });
    } catch (error) {
      const message = `The settings of this console could not be written to ${path}. Check the disk and its rights.`;
      throw new OpsdeckError('INTERNAL', message, { cause: error });
    }
    settings = next;
    for (const listener of listeners) listener(settings);
    return settings;
  }

  return {
    get: () => settings,
    problem: found.problem,
    change(patch) {
      // One after the other, so that two quick changes never write from the same old state.
      const turn = lastWrite.then(() => change(patch));
      lastWrite = turn.catch(() => undefined);
      return turn;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

interface FoundSettings {
  settings: ConsoleSettings;
  /** Fields of a newer version: kept in the file when it is written. */
  unknown: Record<string, unknown>;
  problem: string | null;
}

function readSettings(path: string, clock: Clock, log: Log): FoundSettings {
  const file = readJsonFile(path);
  const usual = consoleDefaults;
  if (file.kind === 'absent') return { settings: usual, unknown: {}, problem: null };
  if (file.kind === 'bad' || !isRecord(file.value)) {
    const reason = file.kind === 'bad' ? file.reason : 'it is not an object';
    const kept = setAside(path, clock.wall());
    const problem = `The settings of this console were unreadable (${reason}) and are back to usual; the old file is ${kept ?? path}.`;
    log.warn(problem);
    return { settings: usual, unknown: {}, problem };
  }
  return readFields(file.value, usual, log);
}

/** A single field that cannot be used falls back alone; the others stay as they were set. */
function readFields(value: Record<string, unknown>, usual: ConsoleSettings, log: Log): FoundSettings {
  const good: Record<string, unknown> = {};
  const bad: string[] = [];
  for (const [name, schema] of Object.entries(consoleSettings.shape)) {
    if (!(name in value)) continue;
    const read = schema.safeParse(value[name]);
    if (read.success) good[name] = read.data;
    else bad.push(name);
  }
  const unknown = Object.fromEntries(
    Object.entries(value).filter(([name]) => !(name in consoleSettings.shape)),
  );
  const problem = bad.length > 0 ? `Settings of this console that cannot be used: ${bad.join(', ')}.` : null;
  if (problem !== null) log.warn(problem);
  return { settings: { ...usual, ...good }, unknown, problem };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
