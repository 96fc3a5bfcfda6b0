import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { instant } from './deals.ts';

const backupKind = z.enum(['daily', 'manual', 'before-restore']);

/** One backup of this database in this console's folder. */
export const backupFile = z.object({
  file: z.string(),
  kind: backupKind,
  created_at: instant,
  bytes: z.number().int(),
  /** Null: the file cannot be read as a backup. */
  rows: z.number().int().nullable(),
});
export type BackupFile = z.infer<typeof backupFile>;

/** How far a backup under way in this console is; `ended` is told once, with what came of it. */
export const backupProgress = z.discriminatedUnion('stage', [
  z.object({
    stage: z.enum(['copying', 'checking']),
    kind: backupKind,
    /** Of this stage, from 0 to 1. */
    share: z.number(),
    rows: z.number().int(),
  }),
  z.object({
    stage: z.literal('ended'),
    kind: backupKind,
    outcome: z.enum(['made', 'cancelled', 'failed']),
    /** A sentence; only where it failed. */
    message: z.string().nullable(),
  }),
]);
export type BackupProgress = z.infer<typeof backupProgress>;

/** The backups of this database, and when the next is made. */
export const backupsView = z.object({
  folder: z.string(),
  backups: z.array(backupFile),
  /** The latest daily one, wherever it was made. */
  latest_daily: z
    .object({ at: instant, by: z.string(), path: z.string(), bytes: z.number().int() })
    .nullable(),
  /** When the leader makes the next; in the past: as soon as it can. */
  next_daily: instant,
  running: backupProgress.nullable(),
});
export type BackupsView = z.infer<typeof backupsView>;

export const backupsContract = {
  list: oc.output(backupsView),
  /** Begins one; false when one is under way here already. */
  start: oc.output(z.object({ started: z.boolean() })),
  cancel: oc.output(z.object({ cancelled: z.boolean() })),
  progress: oc.output(eventIterator(backupProgress)),
  openFolder: oc.output(z.object({ opened: z.boolean() })),
};
