import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { BrowserWindow } from 'electron';
import type { Clock } from '../clock.ts';
import { isCancelled } from '../errors.ts';
import type { Log } from '../log.ts';

const everyMs = 2000;

/** Keeps a PNG of a window at `path` fresh until `signal` ends it: written aside and renamed, only when it changed. */
export async function keepScreenshot(
  window: BrowserWindow,
  path: string,
  parts: { clock: Clock; log: Log; signal: AbortSignal },
): Promise<void> {
  let last = '';
  let complained = false;
  while (!parts.signal.aborted && !window.isDestroyed()) {
    try {
      last = await capture(window, path, last);
    } catch (error) {
      if (!complained && !window.isDestroyed())
        parts.log.warn('The screenshot could not be written', { path, error });
      complained = true;
    }
    try {
      await parts.clock.sleep(everyMs, parts.signal);
    } catch (error) {
      if (!isCancelled(error)) parts.log.warn('Screenshots ended', { error });
      return;
    }
  }
}

async function capture(window: BrowserWindow, path: string, last: string): Promise<string> {
  // A hidden window paints nothing, and asking for its picture would wait for ever.
  if (!window.isVisible() || window.isMinimized()) return last;
  const image = await window.webContents.capturePage();
  if (image.isEmpty()) return last;
  const mark = createHash('sha1').update(image.toBitmap()).digest('hex');
  if (mark === last) return last;
  await mkdir(dirname(path), { recursive: true });
  const aside = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(aside, image.toPNG());
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  return mark;
}
