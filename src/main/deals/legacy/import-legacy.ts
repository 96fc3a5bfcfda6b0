import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LegacyCounts, LegacyProgress, LegacyRejectReason } from '../../../shared/contract/legacy.ts';
import type { OfficeSettings } from '../../../shared/contract/settings.ts';
import type { Clock } from '../../clock.ts';
import { OpsdeckError } from '../../errors.ts';
import type { Database, Transaction } from '../../storage/postgres.ts';
import { appendAudit } from '../../system/audit.ts';
import { appendChange } from '../../system/change-log.ts';
import { endUnder } from '../../system/permit-transaction.ts';
import { withPermit, type PermitDeps } from '../../system/permits.ts';
import { copyAside } from './copy-aside.ts';
import * as store from './legacy-store.ts';
import { mapLegacyDeal, mapLegacySms, type LegacyRejection, type MappedLegacy } from './map-legacy.ts';
import { readEntries } from './read-entries.ts';

/** The files of the old server, by name. */
export const legacyFiles = { deals: 'deals-cache.json', sms: 'sms-cache.json' } as const;

/** Records brought to the database at a time. */
const batch = 2_000;
/** Rejected records shown of each reason. */
const mostExamples = 5;

export interface LegacyImport {
  folder: string;
  /** True: nothing is written, and the counts say what would be. */
  dryRun: boolean;
  /** Where the files are copied first; null: nowhere. */
  backup: string | null;
  actor: string;
  console: string;
  signal?: AbortSignal;
  onProgress?(progress: LegacyProgress): void;
}

export interface LegacyDeps {
  database: Database;
  clock: Clock;
  permits: PermitDeps;
  settings: Pick<OfficeSettings, 'timeZone' | 'vendorTimeZone'>;
  /** How long to wait for a pass that writes the same tables, in ms. */
  waitMs: number;
}

class NothingToKeep extends Error {}

/**
 * Imports the old server's caches of deals and messages in one transaction, or nothing. What is there already stays as it
 * is: a record imported before is known, a lead with other content is a conflict and left out.
 */
export async function importLegacy(deps: LegacyDeps, options: LegacyImport): Promise<LegacyCounts> {
  const files = await findFiles(options.folder);
  if (options.dryRun) return rehearse(deps, options, files);
  if (options.backup !== null) {
    report(options, files, { stage: 'copying', bytes: 0, records: 0 });
    await copyAside(
      files.found.map((file) => file.path),
      options.backup,
      deps.clock.now(),
    );
  }
  const wait = { waitMs: deps.waitMs, ...(options.signal ? { signal: options.signal } : {}) };
  return withPermit(deps.permits, 'deals', wait, (deals) =>
    withPermit(deps.permits, 'sms', wait, (sms) =>
      deals.transaction(
        async (tx) => {
          const counts = await bring(tx, deps, options, files);
          await write(tx, deps, options, counts);
          await endUnder(tx, sms);
          return counts;
        },
        { statementTimeoutMs: 600_000, idleTimeoutMs: 60_000 },
      ),
    ),
  );
}

async function rehearse(deps: LegacyDeps, options: LegacyImport, files: Files): Promise<LegacyCounts> {
  let counts: LegacyCounts | null = null;
  try {
    await deps.database.transaction(
      async (tx) => {
        counts = await bring(tx, deps, options, files);
        throw new NothingToKeep();
      },
      { statementTimeoutMs: 600_000, idleTimeoutMs: 60_000 },
    );
  } catch (error) {
    if (!(error instanceof NothingToKeep) || counts === null) throw error;
  }
  return counts!;
}

type FileKind = keyof typeof legacyFiles;
interface Files {
  found: { kind: FileKind; path: string; bytes: number }[];
  missing: string[];
  total: number;
}

async function findFiles(folder: string): Promise<Files> {
  const files: Files = { found: [], missing: [], total: 0 };
  for (const kind of ['deals', 'sms'] as const) {
    const path = join(folder, legacyFiles[kind]);
    const found = await stat(path).catch(() => null);
    if (!found?.isFile()) {
      files.missing.push(legacyFiles[kind]);
      continue;
    }
    files.found.push({ kind, path, bytes: found.size });
    files.total += found.size;
  }
  if (files.found.length > 0) return files;
  throw new OpsdeckError(
    'BAD_REQUEST',
    `${folder} has neither ${legacyFiles.deals} nor ${legacyFiles.sms}. Name the folder that holds the old server's caches.`,
  );
}

/** Reads the files into the transaction's own tables and judges them; writes nothing that stays. */
async function bring(
  tx: Transaction,
  deps: LegacyDeps,
  options: LegacyImport,
  files: Files,
): Promise<LegacyCounts> {
  await store.beginImport(tx);
  const { timeZone, vendorTimeZone } = deps.settings;
  const zones = { officeZone: timeZone, vendorZone: vendorTimeZone ?? timeZone };
  const tally = { deals: newTally(), sms: newTally() };
  let before = 0;
  let records = 0;
  for (const file of files.found) {
    const onBatch = (bytes: number, more: number): void => {
      records += more;
      report(options, files, { stage: 'reading', bytes: before + bytes, records });
    };
    const source = { path: file.path, tally: tally[file.kind], onBatch, signal: options.signal };
    if (file.kind === 'deals')
      await bringFile(
        source,
        (value, key) => mapLegacyDeal(value, key, zones),
        (facts) => store.bringDeals(tx, facts),
      );
    else
      await bringFile(
        source,
        (value, key) => mapLegacySms(value, key, zones),
        (facts) => store.bringSms(tx, facts),
      );
    before += file.bytes;
  }
  report(options, files, { stage: 'applying', bytes: files.total, records });
  const judged = await store.judgeDeals(tx);
  const inserted = await store.countNewSms(tx);
  return {
    deals: {
      read: tally.deals.read,
      inserted: judged.inserted,
      known: judged.known,
      conflicts: judged.conflicts,
      rejected: tally.deals.rejected,
    },
    sms: {
      read: tally.sms.read,
      inserted,
      known: tally.sms.read - tally.sms.rejected - inserted,
      rejected: tally.sms.rejected,
    },
    conflicts: judged.listed,
    rejects: { deals: listRejects(tally.deals), sms: listRejects(tally.sms) },
    missing: files.missing,
  };
}

interface Tally {
  read: number;
  rejected: number;
  byReason: Map<LegacyRejectReason, { count: number; examples: Pick<LegacyRejection, 'key' | 'detail'>[] }>;
}

const newTally = (): Tally => ({ read: 0, rejected: 0, byReason: new Map() });

function listRejects(tally: Tally): LegacyCounts['rejects']['deals'] {
  return [...tally.byReason].map(([reason, { count, examples }]) => ({ reason, count, examples }));
}

function noteRejection(tally: Tally, { reason, key, detail }: LegacyRejection): void {
  tally.rejected += 1;
  const known = tally.byReason.get(reason) ?? { count: 0, examples: [] };
  known.count += 1;
  if (known.examples.length < mostExamples) known.examples.push({ key, detail });
  tally.byReason.set(reason, known);
}

interface FileSource {
  path: string;
  tally: Tally;
  signal: AbortSignal | undefined;
  onBatch(bytes: number, records: number): void;
}

async function bringFile<Fact>(
  source: FileSource,
  map: (value: unknown, key: string | null) => MappedLegacy<Fact>,
  bringFacts: (facts: { number: number; fact: Fact }[]) => Promise<void>,
): Promise<void> {
  const { tally } = source;
  let facts: { number: number; fact: Fact }[] = [];
  let bytes = 0;
  let told = 0;
  const flush = async (): Promise<void> => {
    await bringFacts(facts);
    facts = [];
    source.onBatch(bytes, tally.read - told);
    told = tally.read;
  };
  const read = readEntries(source.path, {
    onBytes: (so) => (bytes = so),
    ...(source.signal ? { signal: source.signal } : {}),
  });
  for await (const entry of read) {
    tally.read += 1;
    const mapped =
      'tooLong' in entry
        ? { rejection: { reason: 'too-long' as const, key: entry.key, detail: null } }
        : map(entry.value, entry.key);
    if ('rejection' in mapped) noteRejection(tally, mapped.rejection);
    else facts.push({ number: entry.number, fact: mapped.fact });
    if (facts.length >= batch) await flush();
  }
  await flush();
}

/** What stays: deals, messages, who imported what, and that everything is to be loaded anew. */
async function write(
  tx: Transaction,
  deps: LegacyDeps,
  options: LegacyImport,
  counts: LegacyCounts,
): Promise<void> {
  const now = deps.clock.now();
  const deals = await store.insertDeals(tx, now);
  const sms = await store.insertSms(tx, now);
  const { conflicts: _listed, rejects: _examples, ...told } = counts;
  const after = { ...told, days: await store.daysOfDeals(tx, deps.settings.timeZone) };
  await appendAudit(tx, {
    at: now,
    actor: options.actor,
    console: options.console,
    action: 'legacy.import',
    target: options.folder,
    after,
  });
  if (deals > 0)
    await appendChange(tx, 'deals', {
      source: 'import',
      runId: null,
      inserted: deals,
      updated: 0,
      removed: 0,
      new: [],
    });
  if (sms > 0) await appendChange(tx, 'sms', { count: sms });
}

function report(options: LegacyImport, files: Files, progress: Omit<LegacyProgress, 'total'>): void {
  options.onProgress?.({ ...progress, total: files.total });
}
