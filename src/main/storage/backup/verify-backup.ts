import { badBackup, tableEnd, tableHead, type BackupSummary } from './backup-format.ts';
import { openBackup, readJson, type Frame, type OpenBackup } from './read-frames.ts';

/** Reads a whole backup and answers what it holds; refuses one of which any byte was changed or is missing. */
export async function verifyBackup(
  path: string,
  options: { onShare?: (share: number) => void; signal?: AbortSignal } = {},
): Promise<BackupSummary> {
  const backup = await openBackup(path);
  try {
    await verifyOpen(backup, options);
    return { header: backup.header, footer: backup.footer, bytes: backup.bytes };
  } finally {
    await backup.close();
  }
}

/** The same for one that is open already. */
export async function verifyOpen(
  backup: OpenBackup,
  options: { onShare?: (share: number) => void; signal?: AbortSignal } = {},
): Promise<void> {
  const found: { name: string; rows: number }[] = [];
  let name: string | null = null;
  let last: Frame['type'] | null = null;
  for await (const frame of backup.frames((read) => options.onShare?.(read / backup.bytes))) {
    options.signal?.throwIfAborted();
    last = frame.type;
    if (frame.type === 'T') name = readJson(frame, tableHead, backup.path).name;
    if (frame.type !== 'E') continue;
    if (name === null) throw badBackup(backup.path, 'its tables are out of order');
    found.push({ name, rows: readJson(frame, tableEnd, backup.path).rows });
    name = null;
  }
  const fits =
    last === 'F' && name === null && JSON.stringify(found) === JSON.stringify(backup.footer.tables);
  if (!fits) throw badBackup(backup.path, 'its tables are not those it lists');
}
