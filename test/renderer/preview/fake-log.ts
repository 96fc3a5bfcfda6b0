import { implement } from '@orpc/server';
import { consoleContract } from '../../../src/shared/contract/index.ts';
import type { LogLine, LogQuestion } from '../../../src/shared/contract/log.ts';
import { logLevels } from '../../../src/shared/contract/log.ts';
import type { PreparedDiagnostics } from '../../../src/shared/contract/diagnostics.ts';
import { diagnosticParts } from '../../../src/shared/contract/diagnostics.ts';
import { ago, longNames, type Scenario } from './scenarios.ts';

type Made = Pick<LogLine, 'level' | 'part' | 'message' | 'fields'>;

const made: readonly Made[] = [
  { level: 'info', part: 'sync', message: 'Pass ended', fields: 'source=deals kind=delta rows=12 took=412' },
  { level: 'debug', part: 'sync', message: 'Page read', fields: 'page=1 rows=12' },
  { level: 'info', part: 'window', message: 'Notification', fields: 'title=3 duplicates wait shown=true' },
  {
    level: 'warn',
    part: 'alerts',
    message: 'A notification could not be shown',
    fields: 'error=the system did not answer',
  },
  { level: 'info', part: 'tasks', message: 'Task done', fields: 'key=lonerun-17 tries=1' },
  {
    level: 'error',
    part: 'sync',
    message: 'Pass failed',
    fields: 'error=Adversus answered 502 Bad Gateway three times',
  },
  { level: 'info', part: null, message: 'Window open', fields: 'data=/home/anna/.local/share/opsdeck' },
];

function lineOf(index: number, count: number, scenario: Scenario): LogLine {
  const one = made[index % made.length]!;
  const at = ago((count - index) * 47);
  const place = `1:${index * 100}`;
  const message = scenario === 'long' ? `${longNames[index % 5]} ${one.message.repeat(20)}` : one.message;
  if (index % 23 === 22)
    return {
      ...{ place, at: null, level: null, part: null, fields: '', damaged: true },
      message: '{"level":"info","time":"2026-11-2{"level":"warn"',
      raw: '{"level":"info","time":"2026-11-2{"level":"warn"',
    };
  const error =
    one.level === 'error'
      ? {
          error: {
            type: 'Error',
            message: 'Adversus answered 502',
            stack: 'Error: Adversus answered 502\n    at read (client.ts:12)\n    at pass (run-pass.ts:88)',
          },
        }
      : {};
  const raw = JSON.stringify({ level: one.level, time: at, pid: 4711, part: one.part, message, ...error });
  return { ...one, message, place, at, raw, damaged: false };
}

/** A log of 0, 3 or 10 000 lines, and a diagnostics file that is made and saved. */
export function createFakeLog(scenario: Scenario, answer: <T>(make: () => T) => Promise<T>) {
  const os = implement(consoleContract);
  const count = scenario === 'empty' ? 0 : scenario === 'three' ? 3 : scenario === 'many' ? 10_000 : 90;
  const lines = Array.from({ length: count }, (_, index) => lineOf(index, count, scenario));
  let written = count;
  const fits = (line: LogLine, { level, search, part }: LogQuestion): boolean =>
    (line.level === null || logLevels.indexOf(line.level) >= logLevels.indexOf(level)) &&
    (part === null || line.part === part) &&
    `${line.message} ${line.fields} ${line.part}`.toLowerCase().includes(search.toLowerCase());
  const parts = ['alerts', 'sync', 'tasks', 'window'];
  const file = (): PreparedDiagnostics => ({
    id: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
    made_at: ago(0),
    bytes: 148_211,
    parts: diagnosticParts.map((part, index) => ({
      part,
      bytes: part.startsWith('log-') ? 1_040_000 : 900 * (index + 1),
      missing: scenario === 'away' && index > 3 && index < 10 ? 'No answer from db.kontoret.se.' : null,
    })),
  });
  return {
    log: {
      page: os.log.page.handler(({ input }) =>
        answer(() => {
          const end = input.before === null ? lines.length : Number(input.before.split(':')[1]) / 100;
          const found = lines.slice(0, end).filter((line) => fits(line, input));
          const page = found.slice(-input.limit);
          return {
            lines: page,
            before: found.length > page.length ? page[0]!.place : null,
            after: lines.length === 0 ? null : `1:${lines.length * 100}`,
            looked_back_to: page.find(({ at }) => at !== null)?.at ?? null,
            parts,
            logs: [
              ...(count === 0 ? [] : [{ name: 'console' as const, bytes: 4_310_000 }]),
              { name: 'cli' as const, bytes: 212_000 },
            ],
          };
        }),
      ),
      news: os.log.news.handler(({ input }) =>
        answer(() => {
          written += 1;
          if (scenario === 'live') lines.push({ ...lineOf(written, written, scenario), at: ago(0) });
          const from = Number(input.after.split(':')[1]) / 100;
          return {
            lines: lines.slice(from).filter((line) => fits(line, input)),
            after: `1:${lines.length * 100}`,
            ...{ parts, more: false, lost: false },
          };
        }),
      ),
      copy: os.log.copy.handler(() => ({ copied: true as const })),
    },
    diagnostics: {
      prepare: os.diagnostics.prepare.handler(() => answer(file)),
      save: os.diagnostics.save.handler(() =>
        answer(() => ({
          path: '/home/anna/Dokument/opsdeck-diagnostics-2026-11-22-1004.zip',
          bytes: 148_211,
        })),
      ),
    },
  };
}
