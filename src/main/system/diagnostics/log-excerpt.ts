import { setImmediate } from 'node:timers/promises';
import type { LogName } from '../../../shared/contract/log.ts';
import { withLogFiles } from '../log/log-files.ts';
import { linesBefore } from '../log/raw-lines.ts';
import type { Hider } from './hide-personal.ts';

/** Lines after which the program's other work gets its turn. */
const linesAtOnce = 100;

/** The end of a log, at most so many bytes of its files, without what is personal; null: there is no such log. */
export async function logExcerpt(
  folder: string,
  name: LogName,
  mostBytes: number,
  hide: Hider,
): Promise<string | null> {
  return withLogFiles(folder, name, async (files) => {
    if (files.length === 0) return null;
    const lines: string[] = [];
    let left = mostBytes;
    for (const file of files) {
      for await (const { bytes } of linesBefore(file, file.size)) {
        left -= bytes.length;
        if (left < 0) return lines.toReversed().join('');
        lines.push(`${withoutPersonal(bytes.toString('utf8').trimEnd(), hide)}\n`);
        if (lines.length % linesAtOnce === 0) await setImmediate();
      }
    }
    return lines.toReversed().join('');
  });
}

/** Field by field where the line can be read, so that a name in a value is told from the name of a field. */
function withoutPersonal(line: string, hide: Hider): string {
  try {
    return JSON.stringify(hide.all(JSON.parse(line)));
  } catch {
    return hide.text(line);
  }
}
