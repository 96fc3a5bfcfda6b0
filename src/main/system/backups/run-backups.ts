import type { BackupProgress, BackupsView } from '../../../shared/contract/backups.ts';
import type { OfficeSettings } from '../../../shared/contract/settings.ts';
import { isCancelled, OpsdeckError } from '../../errors.ts';
import { listBackups, type BackupKind } from '../../storage/backup/backup-folder.ts';
import { raiseHealthEvent } from '../health-events.ts';
import { backUp, type BackupDeps } from './back-up.ts';
import { readBackupNotes } from './backups-store.ts';
import { dueBackup } from './due-backup.ts';

/** The first look at the calendar comes when a start has settled; then this often, in ms. */
const firstLookMs = 120_000;
const lookMs = 30_000;
/** Progress is told at most this often, in ms. */
const tellMs = 100;
/** A daily one that failed is tried again after this, in ms. */
const againMs = 900_000;

export interface BackupsOptions extends BackupDeps {
  /** True while this process leads: the daily one is the leader's. */
  leads(): boolean;
  settings(): Pick<OfficeSettings, 'timeZone' | 'backupHour'>;
  /** False while a person has switched the daily one off; default: nobody has. */
  isOn?(): boolean;
}

/** The backups that this process makes: by day where it leads, and when a person asks. One at a time. */
export interface Backups {
  readonly folder: string;
  view(): Promise<BackupsView>;
  /** Begins one; false when one is under way. */
  start(actor: string): boolean;
  cancel(): boolean;
  subscribe(listener: (progress: BackupProgress) => void): () => void;
  /** Gives up what is under way. */
  close(): Promise<void>;
}

interface UnderWay {
  progress: BackupProgress;
  stop: AbortController;
  done: Promise<void>;
}

/** Starts the daily backup and answers what people may ask. */
export function startBackups(options: BackupsOptions): Backups {
  const { clock, database, log } = options;
  const listeners = new Set<(progress: BackupProgress) => void>();
  const closing = new AbortController();
  let underWay: UnderWay | null = null;
  let failures = 0;
  let notBefore = 0;

  const tell = (progress: BackupProgress) => {
    for (const listener of listeners) listener(progress);
  };

  function begin(kind: BackupKind, actor: string | null): Promise<void> {
    const stop = new AbortController();
    const progress: BackupProgress = { stage: 'copying', kind, share: 0, rows: 0 };
    const mine: UnderWay = { progress, stop, done: Promise.resolve() };
    underWay = mine;
    tell(progress);
    return (mine.done = make(mine, kind, actor));
  }

  /** Never rejects: what came of it is told. */
  async function make(mine: UnderWay, kind: BackupKind, actor: string | null): Promise<void> {
    const signal = AbortSignal.any([mine.stop.signal, closing.signal]);
    let toldAt = -Infinity;
    const onStep = (step: { stage: 'copying' | 'checking'; share: number; rows: number }) => {
      mine.progress = { kind, ...step };
      if (clock.monotonic() - toldAt < tellMs) return;
      toldAt = clock.monotonic();
      tell(mine.progress);
    };
    let end: BackupProgress = { stage: 'ended', kind, outcome: 'made', message: null };
    try {
      const made = await backUp(options, { kind, path: null, actor, signal, onStep });
      log.info('A backup was made', { kind, path: made.path, bytes: made.bytes, rows: made.rows });
      if (kind === 'daily') await noteSuccess();
    } catch (error) {
      end = { ...end, outcome: isCancelled(error) ? 'cancelled' : 'failed', message: sentenceOf(error) };
      log[end.outcome === 'cancelled' ? 'info' : 'error']('A backup was not made', { kind, error });
      if (kind === 'daily' && !closing.signal.aborted) await noteFailure(end.message ?? '');
    }
    underWay = null;
    tell(end);
  }

  async function noteSuccess(): Promise<void> {
    const recovered = failures > 0;
    failures = 0;
    if (recovered) await raise('INFO', 'The daily backup works again.');
  }

  /** Told once for each row of failures, and tried again for as long as it takes. */
  async function noteFailure(message: string): Promise<void> {
    notBefore = clock.wall() + againMs;
    failures += 1;
    if (failures === 1)
      await raise('ERROR', `The daily backup failed; it is tried again every quarter of an hour. ${message}`);
  }

  async function raise(type: 'INFO' | 'ERROR', message: string): Promise<void> {
    const kind = type === 'INFO' ? 'backup-works' : 'backup-failed';
    await raiseHealthEvent(database, type, message, { kind, folder: options.folder }).catch(
      (error: unknown) => {
        log.warn('What became of the backup could not be told', { error: String(error) });
      },
    );
  }

  async function nextDaily(): Promise<{ due: Date; latest: BackupsView['latest_daily'] }> {
    const { daily: latest } = await readBackupNotes(database);
    const { timeZone, backupHour } = options.settings();
    const last = latest ? new Date(latest.at) : null;
    const due = dueBackup(new Date(clock.wall()), last, timeZone, backupHour);
    return {
      due,
      latest: latest ? { at: latest.at, by: latest.by, path: latest.path, bytes: latest.bytes } : null,
    };
  }

  async function lookAtCalendar(): Promise<void> {
    for (let pause = firstLookMs; !closing.signal.aborted; pause = lookMs) {
      await clock.sleep(pause, closing.signal).catch(() => {});
      if (closing.signal.aborted || !options.leads() || underWay || clock.wall() < notBefore) continue;
      if (options.isOn?.() === false) continue;
      try {
        const { due } = await nextDaily();
        if (due.getTime() <= clock.wall() && !underWay) await begin('daily', null);
      } catch (error) {
        log.debug('Whether a backup is due could not be read', { error: String(error) });
      }
    }
  }
  const looking = lookAtCalendar();

  return {
    folder: options.folder,
    async view() {
      const [listed, { due, latest }] = await Promise.all([
        listBackups(options.folder, options.place),
        nextDaily(),
      ]);
      return {
        folder: options.folder,
        backups: listed.map(({ file, kind, createdAt, bytes, rows }) => ({
          ...{ file, kind, bytes, rows },
          created_at: createdAt,
        })),
        latest_daily: latest,
        next_daily: due.toISOString(),
        running: underWay?.progress ?? null,
      };
    },
    start(actor) {
      if (underWay || closing.signal.aborted) return false;
      void begin('manual', actor);
      return true;
    },
    cancel() {
      if (!underWay) return false;
      underWay.stop.abort(new OpsdeckError('CANCELLED', 'The backup was cancelled; nothing is left of it.'));
      return true;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      closing.abort(new OpsdeckError('CANCELLED', 'Opsdeck is closing; nothing is left of the backup.'));
      await looking;
      await underWay?.done;
      listeners.clear();
    },
  };
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
