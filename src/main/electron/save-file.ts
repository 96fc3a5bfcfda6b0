import { extname } from 'node:path';
import { dialog, type BrowserWindow } from 'electron';
import type { FileContent } from '../csv.ts';
import { writeWhole } from '../write-whole.ts';

/**
 * Asks a person where to save a file, then writes it there, whole or not at all. Answers the path; null when they
 * thought better of it. INTERNAL with a sentence when the file cannot be written.
 */
export async function saveFile(
  window: BrowserWindow | null,
  suggestedName: string,
  content: FileContent,
): Promise<string | null> {
  const kind = extname(suggestedName).slice(1);
  const options = { defaultPath: suggestedName, filters: [{ name: kind.toUpperCase(), extensions: [kind] }] };
  const answer = window ? await dialog.showSaveDialog(window, options) : await dialog.showSaveDialog(options);
  if (answer.canceled || !answer.filePath) return null;
  await writeWhole(answer.filePath, content);
  return answer.filePath;
}
