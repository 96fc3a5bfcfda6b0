import { writeFile } from 'node:fs/promises';
import { dialog, type BrowserWindow } from 'electron';
import { OpsdeckError } from '../errors.ts';

/**
 * Asks a person where to save a text, and saves it there. Answers the path; null when they thought better of it.
 * INTERNAL with a sentence when the file cannot be written.
 */
export async function saveFile(
  window: BrowserWindow | null,
  suggestedName: string,
  text: string,
): Promise<string | null> {
  const options = { defaultPath: suggestedName, filters: [{ name: 'CSV', extensions: ['csv'] }] };
  const answer = window ? await dialog.showSaveDialog(window, options) : await dialog.showSaveDialog(options);
  if (answer.canceled || !answer.filePath) return null;
  try {
    await writeFile(answer.filePath, text, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new OpsdeckError('INTERNAL', `The file could not be written (${why}). Choose another place.`, {
      cause: error,
    });
  }
  return answer.filePath;
}
