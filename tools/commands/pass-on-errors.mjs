import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** How Chromium and the desktop's libraries begin their own remarks. */
const REMARK = /^\[\d+:\d{4}\/[\d.]+:[A-Z]+:|^\([\w-]+:\d+\): [\w-]+-(?:WARNING|CRITICAL|Message) \*\*:/;

/**
 * Remarks about missing buses and GPUs fill a screen; they go to `chromium.log`, the program's own words to stderr. A library
 * puts an empty line before each, which goes with it.
 */
export function passOnErrors(stream, folder) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'chromium.log');
  writeFileSync(file, '');
  createInterface(stream).on('line', (line) => {
    if (line === '' || REMARK.test(line)) appendFileSync(file, `${line}\n`);
    else process.stderr.write(`${line}\n`);
  });
}
