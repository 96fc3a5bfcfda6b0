import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readSummary } from './read-frames.ts';

/** Why a backup of the folder was made; of each kind the latest are kept. */
export const backupKinds = ['daily', 'manual', 'before-restore'] as const;
export type BackupKind = (typeof backupKinds)[number];

/** Backups kept of each kind and database. */
export const keptOfKind = 7;

/** One backup of the folder as a list shows it. */
export interface ListedBackup {
  file: string;
  kind: BackupKind;
  createdAt: string;
  bytes: number;
  /** Null: its ends cannot be read, so it is none. */
  rows: number | null;
}

/** A database as part of a file name: nothing of it may be a folder, or too long. */
export function placeName(label: string): string {
  return (
    label
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 80) || 'database'
  );
}

/** A name that is free in the folder: `opsdeck-PLACE-KIND-2026-11-22T030000Z.backup`. */
export function freePath(folder: string, place: string, kind: BackupKind, wall: number): string {
  for (let second = Math.floor(wall / 1_000); ; second++) {
    const stamp = new Date(second * 1_000).toISOString().replaceAll(':', '').replace('.000', '');
    const path = join(folder, `opsdeck-${place}-${kind}-${stamp}.backup`);
    if (!existsSync(path)) return path;
  }
}

/** The backups of one database in a folder, newest first. A folder that is not there has none. */
export async function listBackups(folder: string, place: string): Promise<ListedBackup[]> {
  if (!existsSync(folder)) return [];
  const names = await readdir(folder);
  const found = names.flatMap((file) => {
    const named = readName(file);
    return named?.place === place ? [{ file, ...named }] : [];
  });
  const listed = await Promise.all(found.map((one) => describe(folder, one)));
  return listed
    .filter((one) => one !== null)
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt) || b.file.localeCompare(a.file));
}

/** Removes all but the latest of a kind; answers the names removed. One that is damaged does not count as kept. */
export async function removeOldBackups(folder: string, place: string, kind: BackupKind): Promise<string[]> {
  const ofKind = (await listBackups(folder, place)).filter((one) => one.kind === kind);
  const whole = ofKind.filter((one) => one.rows !== null);
  const oldestKept = whole[keptOfKind - 1];
  if (!oldestKept) return [];
  const old = ofKind.filter((one) => one.createdAt < oldestKept.createdAt);
  for (const { file } of old) await rm(join(folder, file), { force: true });
  return old.map(({ file }) => file);
}

async function describe(
  folder: string,
  named: { file: string; kind: BackupKind; createdAt: string },
): Promise<ListedBackup | null> {
  const { file, kind, createdAt } = named;
  const path = join(folder, file);
  const info = await stat(path).catch(() => null);
  // Removed since the folder was read.
  if (!info) return null;
  const summary = await readSummary(path).catch(() => null);
  return { file, kind, createdAt, bytes: info.size, rows: summary?.footer.rows ?? null };
}

const namePattern = new RegExp(
  `^opsdeck-(.+)-(${backupKinds.join('|')})-(\\d{4}-\\d{2}-\\d{2}T)(\\d{2})(\\d{2})(\\d{2})Z\\.backup$`,
);

function readName(file: string): { place: string; kind: BackupKind; createdAt: string } | null {
  const [, place, kind, day, hours, minutes, seconds] = namePattern.exec(file) ?? [];
  if (!place || !kind) return null;
  return { place, kind: kind as BackupKind, createdAt: `${day}${hours}:${minutes}:${seconds}.000Z` };
}
