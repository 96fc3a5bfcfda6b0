import { z } from 'zod';
import { OpsdeckError } from '../../errors.ts';

/*
 * A backup is one file:
 *
 *   "opsdeck backup 1\n"
 *   frame H            the header as JSON
 *   for each table:    frame T  {"name","columns"}
 *                      frames D rows in COPY's text format, deflated (raw), each frame by itself
 *                      frame E  {"rows"}
 *   frame F            the footer as JSON: how many rows of what, and how far the sequences were
 *   4 bytes            length of frame F, so that a list of backups reads both ends only
 *   32 bytes           SHA-256 of everything before
 *
 * A frame is one letter, the length of what follows in 4 bytes, and that. Numbers are big-endian, text is UTF-8.
 * Counts stand at the end because they are known there; counting first would read every table twice.
 */

/** First bytes of every backup; a person who looks at the file sees them too. */
export const magic = Buffer.from('opsdeck backup 1\n');
/** What stands behind the last frame: the length of the footer, and the digest. */
export const trailerBytes = 4 + 32;
/** A frame's letter and length. */
export const frameHeadBytes = 5;
/** No frame is longer; a length beyond it is damage. */
export const longestFrame = 64 * 1_048_576;
/** Rows are gathered to about this many bytes before they are deflated; more would hold the main thread longer at a time. */
export const chunkBytes = 128 * 1_024;

export type FrameType = 'H' | 'T' | 'D' | 'E' | 'F';

const count = z.number().int().nonnegative();

export const backupHeader = z.object({
  format: z.literal(1),
  /** Version of the program that wrote it. */
  program: z.string(),
  createdAt: z.iso.datetime(),
  serverVersion: z.string(),
  /** Migrations of its schema, oldest first. */
  migrations: z.array(z.string()),
  /** Practice data and real data never mix. */
  sandbox: z.boolean(),
  /** Database in words, without user and password. */
  label: z.string(),
  /** Identity of the database's life that was copied. */
  epoch: z.string().nullable(),
});
export type BackupHeader = z.infer<typeof backupHeader>;

export const tableHead = z.object({ name: z.string(), columns: z.array(z.string()).min(1) });
export type TableHead = z.infer<typeof tableHead>;

export const tableEnd = z.object({ rows: count });

export const backupFooter = z.object({
  tables: z.array(z.object({ name: z.string(), rows: count })),
  rows: count,
  /** Last number each sequence gave; null: none yet. */
  sequences: z.array(z.object({ name: z.string(), last: z.number().int().nullable() })),
});
export type BackupFooter = z.infer<typeof backupFooter>;

/** What a file says of itself, without having been read whole. */
export interface BackupSummary {
  header: BackupHeader;
  footer: BackupFooter;
  bytes: number;
}

/** The refusal of a file that cannot be restored: `why` ends the sentence's bracket. */
export function badBackup(path: string, why: string, cause?: unknown): OpsdeckError {
  return new OpsdeckError(
    'BAD_REQUEST',
    `${path} is not a whole backup of Opsdeck (${why}). Nothing was changed; use another file.`,
    cause === undefined ? {} : { cause },
  );
}
