import { join } from 'node:path';
import type { LegacyEvent, LegacyView } from '../shared/contract/legacy.ts';
import { iterateEvents } from './iterate-events.ts';
import type { Operations } from './operations.ts';

/** The folders of an import, as a person chose them in main's own dialogue. */
export interface ImportFolders {
  folder: string | null;
  copies: string;
}

/** No source yet; copies go into the data folder. */
export function importFolders(dataFolder: string): ImportFolders {
  return { folder: null, copies: join(dataFolder, 'legacy-copies') };
}

/** The import as it is prepared here, and how far it is. */
export function view(operations: Operations, folders: ImportFolders): LegacyView {
  return { folder: folders.folder, copies: folders.copies, ...operations.imports.state() };
}

/** Asks a person for one of the folders; what was found in a former one is forgotten. */
export async function choose(
  operations: Operations,
  folders: ImportFolders,
  what: keyof ImportFolders,
  ask: () => Promise<string | null>,
): Promise<LegacyView> {
  const chosen = await ask();
  if (chosen !== null && chosen !== folders[what]) {
    folders[what] = chosen;
    if (what === 'folder') operations.imports.forget();
  }
  return view(operations, folders);
}

/** Begins an import of the chosen folder, or its rehearsal. */
export function start(
  operations: Operations,
  folders: ImportFolders,
  asked: { dryRun: boolean; actor: string },
): { started: boolean } {
  const { folder, copies } = folders;
  return { started: folder !== null && operations.imports.start({ folder, copies, ...asked }) };
}

/** How far imports of this console are. */
export function progress(
  operations: Operations,
  signal: AbortSignal | undefined,
): AsyncGenerator<LegacyEvent> {
  return iterateEvents<LegacyEvent>(signal, (push) => operations.imports.subscribe(push));
}
