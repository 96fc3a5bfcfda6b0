import { writeFile } from 'node:fs/promises';
import { dialog, type BrowserWindow } from 'electron';
import { OpsdeckError } from '../errors.ts';

/**
 * Asks a person where to save what a window prints, and saves it there as a PDF. Answers the path; null when they thought
 * better of it. INTERNAL with a sentence when it cannot be written.
 */
export async function savePdf(window: BrowserWindow, suggestedName: string): Promise<string | null> {
  const answer = await dialog.showSaveDialog(window, {
    defaultPath: suggestedName,
    filters: [{ name: 'PDF', extensions: ['pdf'] }],
  });
  if (answer.canceled || !answer.filePath) return null;
  try {
    await writeFile(answer.filePath, await window.webContents.printToPDF({ pageSize: 'A4' }));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new OpsdeckError('INTERNAL', `The report could not be written (${why}). Choose another place.`, {
      cause: error,
    });
  }
  return answer.filePath;
}
