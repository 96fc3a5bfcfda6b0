import { randomUUID } from 'node:crypto';
import {
  diagnosticParts,
  type DiagnosticPart,
  type PreparedDiagnostics,
} from '../../../shared/contract/diagnostics.ts';
import type { Clock } from '../../clock.ts';
import type { Hider } from './hide-personal.ts';
import { logExcerpt } from './log-excerpt.ts';
import { makeZip, type ZipEntry } from './make-zip.ts';

/** A part that takes longer is told as missing, in ms: what is wrong may be just that something does not answer. */
const longestMs = 8_000;

/** Of the end of each log, in bytes of its files. */
const logBytes = { console: 1024 * 1024, agent: 512 * 1024, cli: 256 * 1024 } as const;

export type GatheredPart = Exclude<DiagnosticPart, 'about' | `log-${string}`>;

/** One part: how to get it. `ours`: fields are named by us and hold no free text of others. */
export interface PartSource {
  ours: boolean;
  gather(): Promise<unknown>;
}

export interface Bundle {
  told: PreparedDiagnostics;
  zip: Buffer;
}

/** Gathers every part that can be had, hides what is personal, and packs it all. Rejects only where packing fails. */
export async function makeBundle(options: {
  parts: Readonly<Record<GatheredPart, PartSource>>;
  hide: Hider;
  logFolder: string;
  version: string;
  clock: Clock;
}): Promise<Bundle> {
  const at = new Date(options.clock.wall());
  const told: PreparedDiagnostics['parts'] = [];
  const entries: ZipEntry[] = [];
  const put = (part: DiagnosticPart, name: string, text: string, missing: string | null = null) => {
    const content = Buffer.from(text, 'utf8');
    told.push({ part, bytes: content.length, missing });
    entries.push({ name, content });
  };
  // All at once: several that never answer are waited for no longer than one.
  const gathering = new Map(gatheredParts.map((part) => [part, gathered(options, part)]));
  await Promise.all(gathering.values());
  for (const part of diagnosticParts) {
    if (part === 'about') put(part, 'about.txt', about(options.version, at, options.hide.namesKnown));
    else if (isLog(part)) await putLog(options, part, put);
    else {
      const { value, missing } = await gathering.get(part)!;
      put(part, `${part}.json`, `${JSON.stringify(value, null, 2)}\n`, missing);
    }
  }
  const zip = await makeZip(entries, at);
  return {
    zip,
    told: { id: randomUUID(), made_at: at.toISOString(), bytes: zip.length, parts: told },
  };
}

/** `opsdeck-diagnostics-2026-11-22-0914.zip`, in UTC. */
export function bundleName(madeAt: string): string {
  return `opsdeck-diagnostics-${madeAt.slice(0, 16).replace('T', '-').replace(':', '')}.zip`;
}

type LogPart = `log-${keyof typeof logBytes}`;
const isLog = (part: DiagnosticPart): part is LogPart => part.startsWith('log-');
const gatheredParts = diagnosticParts.filter(
  (part): part is GatheredPart => part !== 'about' && !isLog(part),
);

async function putLog(
  { logFolder, hide }: Parameters<typeof makeBundle>[0],
  part: LogPart,
  put: (part: DiagnosticPart, name: string, text: string, missing: string | null) => void,
): Promise<void> {
  const name = part.slice('log-'.length) as keyof typeof logBytes;
  const text = await logExcerpt(logFolder, name, logBytes[name], hide).catch(sentenceOf);
  if (text instanceof Missing) put(part, `logs/${name}.log`, '', hide.text(text.sentence));
  else if (text !== null) put(part, `logs/${name}.log`, text, null);
}

class Missing {
  readonly sentence: string;
  constructor(sentence: string) {
    this.sentence = sentence;
  }
}
const sentenceOf = (error: unknown) => new Missing(error instanceof Error ? error.message : String(error));

async function gathered(
  { parts, hide, clock }: Parameters<typeof makeBundle>[0],
  part: GatheredPart,
): Promise<{ value: unknown; missing: string | null }> {
  const stop = new AbortController();
  const late = clock
    .sleep(longestMs, stop.signal)
    .then(() => new Missing(`It did not answer within ${longestMs / 1000} seconds.`))
    .catch(() => new Missing(''));
  const { ours, gather } = parts[part];
  const found = await Promise.race([Promise.resolve().then(gather).catch(sentenceOf), late]);
  stop.abort();
  if (!(found instanceof Missing))
    return { value: ours ? hide.texts(found) : hide.all(found), missing: null };
  const missing = hide.text(found.sentence);
  return { value: { missing }, missing };
}

function about(version: string, at: Date, namesKnown: boolean): string {
  return [
    `Opsdeck ${version}: diagnostics, made ${at.toISOString()}`,
    '',
    'How the program was at that moment, for whoever is asked for help. Passwords, tokens, addresses of mail, telephone',
    'numbers, and names of people and computers were hidden ([hidden], computer 1, ~) before anything was written here.',
    'Deals, messages and accounts themselves are not in it.',
    ...(namesKnown
      ? []
      : [
          'The names could not be asked for: in what others wrote every word with a capital was hidden instead.',
        ]),
    '',
    'program.json        versions, system, memory, disk',
    'configuration.json  environment and settings of the office; of secrets only whether they are set',
    'console.json        settings of the console, displays, wall, what waits to be sent',
    'database.json       server, schema, size, rows by table as estimated, what waits',
    'upstreams.json      how each upstream answers, what is left of its calls',
    'sync-runs.json      the latest passes',
    'health.json         the latest entries of the timeline, and what is not solved',
    'schedules.json      what runs by itself',
    'mode-and-tasks.json mode, processes, tasks by cause',
    'performance.json    how fast statements, calls and the main thread are',
    'logs/               the end of the logs',
    '',
  ].join('\n');
}
