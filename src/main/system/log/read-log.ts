import {
  logNames,
  type LogLine,
  type LogName,
  type LogNews,
  type LogPage,
  type LogQuestion,
} from '../../../shared/contract/log.ts';
import { sizeOfLog, withLogFiles, type LogFile } from './log-files.ts';
import { isAskedFor, parseLogLine } from './parse-log-line.ts';
import { endOfLines, linesAfter, linesBefore, type RawLine } from './raw-lines.ts';

/** One answer looks at no more of the files than this, in bytes, however little of it was asked for. */
const mostBytes = 1024 * 1024;
const newsLines = 500;

/** A page of a log before a place, or its end. Never reads a file whole; a rare word is found over several pages. */
export async function readLogPage(
  folder: string,
  query: LogQuestion & { before: string | null; limit: number },
): Promise<LogPage> {
  const logs = await logsThere(folder);
  return withLogFiles(folder, query.log, async (files) => {
    const newest = files[0];
    if (!newest) return { ...nothing, logs };
    const after = placeOf(newest, await endOfLines(newest));
    const look = startLook(query);
    let before: string | null = null;
    for (const { file, end } of await filesBefore(files, query.before ?? after)) {
      before = await lookBack(file, end, look, query.limit);
      if (before !== null) break;
    }
    return { lines: look.lines.toReversed(), before, after, ...lookedAt(look), logs };
  });
}

/** What a log was given after a place, oldest first. */
export async function readLogNews(folder: string, query: LogQuestion & { after: string }): Promise<LogNews> {
  return withLogFiles(folder, query.log, async (files) => {
    const { inode, offset } = readPlace(query.after);
    const first = files.findIndex((file) => file.inode === inode && file.size >= offset);
    if (first < 0) return { lines: [], after: null, parts: [], more: false, lost: true };
    const look = startLook(query);
    let after = query.after;
    for (const [index, file] of files
      .slice(0, first + 1)
      .toReversed()
      .entries()) {
      const isNewest = index === first;
      for await (const raw of linesAfter(file, index === 0 ? offset : 0, !isNewest)) {
        take(look, file, raw);
        after = placeOf(file, raw.end);
        if (look.bytes >= mostBytes || look.lines.length >= newsLines)
          return { lines: look.lines, after, parts: [...look.parts], more: true, lost: false };
      }
    }
    return { lines: look.lines, after, parts: [...look.parts], more: false, lost: false };
  });
}

const nothing: Omit<LogPage, 'logs'> = {
  lines: [],
  before: null,
  after: null,
  looked_back_to: null,
  parts: [],
};

interface Look {
  query: LogQuestion;
  lines: LogLine[];
  parts: Set<string>;
  bytes: number;
  oldest: string | null;
}

const startLook = (query: LogQuestion): Look => ({
  query,
  lines: [],
  parts: new Set(),
  bytes: 0,
  oldest: null,
});

/** Takes lines of one file from `end` back; answers where to go on, null when the file is read. */
async function lookBack(file: LogFile, end: number, look: Look, limit: number): Promise<string | null> {
  for await (const raw of linesBefore(file, end)) {
    take(look, file, raw);
    if (raw.start > 0 && (look.lines.length >= limit || look.bytes >= mostBytes))
      return placeOf(file, raw.start);
  }
  return null;
}

function take(look: Look, file: LogFile, raw: RawLine): void {
  look.bytes += raw.bytes.length;
  const text = raw.bytes.toString('utf8').trimEnd();
  if (text === '') return;
  const line = parseLogLine(text, placeOf(file, raw.start));
  if (line.part !== null) look.parts.add(line.part);
  look.oldest = line.at ?? look.oldest;
  if (isAskedFor(line, look.query)) look.lines.push(line);
}

const lookedAt = ({ oldest, parts }: Look) => ({ looked_back_to: oldest, parts: [...parts].toSorted() });

/** The files to read back from a place, with where to begin in each; none when it is in none of them any more. */
async function filesBefore(
  files: readonly LogFile[],
  place: string,
): Promise<{ file: LogFile; end: number }[]> {
  const { inode, offset } = readPlace(place);
  const first = files.findIndex((file) => file.inode === inode);
  if (first < 0) return [];
  return files
    .slice(first)
    .map((file, index) => ({ file, end: index === 0 ? Math.min(offset, file.size) : file.size }));
}

async function logsThere(folder: string): Promise<LogPage['logs']> {
  const sizes = await Promise.all(
    logNames.map(async (name: LogName) => ({ name, bytes: await sizeOfLog(folder, name) })),
  );
  return sizes.filter(({ bytes }) => bytes > 0);
}

const placeOf = ({ inode }: LogFile, offset: number) => `${inode}:${offset}`;

function readPlace(place: string): { inode: string; offset: number } {
  const [inode = '', offset = '0'] = place.split(':');
  return { inode, offset: Number(offset) };
}
