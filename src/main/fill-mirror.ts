import type { ChangeKind } from '../shared/contract/changes.ts';
import { viewOf } from './health-answers.ts';
import { listHealthEvents } from './system/health-events.ts';
import { board } from './deals/answer-boards.ts';
import * as sync from './deals/answer-sync.ts';
import { blockOf, casesByIds, openCaseKeys, openCaseMarks } from './deals/cases-store.ts';
import { searchOf } from './deals/kept-case.ts';
import { keepAgents, keepDeal, keepMessages, type TodayRows } from './deals/today-rows.ts';
import { keepMirror, type MirrorKeeper, type MirrorPart } from './mirror/keep-mirror.ts';
import type { Mirror } from './mirror/mirror.ts';
import type { Operations, OperationsEvent } from './operations.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

/** Names under which the mirror holds things. */
export const mirrored = {
  day: 'today',
  messages: 'today.messages',
  agents: 'today.agents',
  deals: 'today.deals',
  cases: 'cases',
  board: (period: string) => `board.${period}`,
  sync: 'sync.state',
  runs: 'sync.runs',
  held: 'sync.held',
  office: 'office',
  health: 'health',
  about: 'about',
  mode: 'mode',
  waiting: 'waiting',
} as const;

/** The boards that are kept. */
export const mirroredPeriods = ['today', 'week', 'month'];

const everything = [
  'today',
  'cases',
  'boards',
  'sync',
  'held',
  'office',
  'health',
  'waiting',
  'mode',
] as const;
type Part = (typeof everything)[number];

const partsOfKind: Readonly<Record<ChangeKind | 'unknown', readonly Part[] | 'all'>> = {
  deals: ['today', 'cases', 'boards'],
  sms: ['today', 'boards'],
  // Names stand everywhere.
  agents: 'all',
  duplicates: ['cases', 'waiting'],
  held: ['held', 'waiting'],
  rejected: ['waiting'],
  // Nothing of packages is worked on without the supplier, and an old price is worse than none.
  packages: [],
  rules: [],
  run: ['sync'],
  settings: ['office', 'today', 'boards', 'sync'],
  health: ['health'],
  mode: ['mode'],
  // Neither accounts nor tasks are kept: they are not worked on while the database is away.
  accounts: [],
  // Who looks at what means nothing an hour later.
  claims: [],
  restored: 'all',
  unknown: 'all',
};

/** Fills the mirror, which has adopted the database, from running operations, and keeps it in step with what windows are told. */
export function fillMirror(
  mirror: Mirror,
  operations: Operations,
  parts: { clock: Clock; log: Log },
): MirrorKeeper {
  const { workspace } = operations;
  const keeper = keepMirror({
    mirror,
    ...parts,
    isThere: () => operations.awaySince() === null,
    parts: {
      today: todayPart(operations),
      cases: casesPart(operations),
      boards: topicsPart(2_000, async () => {
        const boards = mirroredPeriods.map(async (period) => [
          mirrored.board(period),
          await board(operations, period),
        ]);
        return Object.fromEntries(await Promise.all(boards)) as Record<string, unknown>;
      }),
      sync: topicsPart(500, async () => ({
        [mirrored.sync]: await sync.state(operations),
        [mirrored.runs]: await sync.runs(operations, 100),
        [mirrored.about]: { workspace: workspace.kind, label: workspace.databaseLabel },
      })),
      held: topicsPart(500, async () => ({ [mirrored.held]: await sync.held(operations) })),
      office: topicsPart(100, async () => ({ [mirrored.office]: await workspace.settings() })),
      health: topicsPart(1_000, async () => ({
        [mirrored.health]: (await listHealthEvents(workspace.database, { limit: 200 })).map(viewOf),
      })),
      waiting: topicsPart(100, async () => ({ [mirrored.waiting]: await operations.waiting() })),
      mode: topicsPart(100, async () => ({ [mirrored.mode]: await workspace.accounts.mode.read() })),
    } satisfies Record<Part, MirrorPart>,
  });
  const unsubscribe = operations.subscribe((event) => touch(keeper, event));
  return { ...keeper, close: () => (unsubscribe(), keeper.close()) };
}

function touch(keeper: MirrorKeeper, event: OperationsEvent): void {
  switch (event.type) {
    case 'change': {
      const parts = partsOfKind[event.change.kind];
      return parts === 'all' ? keeper.touchAll() : keeper.touch(parts);
    }
    case 'status':
      return keeper.touch(['sync']);
    case 'day':
      return keeper.touch(['today', 'boards']);
    case 'reload':
      return keeper.touchAll();
    // What is not in the database is not in its copy either.
    case 'spool':
    case 'progress':
      return;
  }
}

function topicsPart(gatherMs: number, read: () => Promise<Record<string, unknown>>): MirrorPart {
  return { gatherMs, read: async () => ({ topics: await read() }) };
}

/** Today's rows: those that are other objects than were written last. */
function todayPart(operations: Operations): MirrorPart {
  let written: TodayRows | null = null;
  return {
    gatherMs: 20,
    read(anew) {
      const rows = operations.today.rows();
      if (!rows) return Promise.resolve(null);
      const before = anew ? null : written;
      written = { ...rows, deals: new Map(rows.deals) };
      const { start, end } = rows.range;
      return Promise.resolve({
        topics: {
          [mirrored.day]: { start, end, seq: rows.seq },
          ...(before?.messages === rows.messages ? {} : { [mirrored.messages]: keepMessages(rows.messages) }),
          ...(before?.agents === rows.agents ? {} : { [mirrored.agents]: keepAgents(rows.agents) }),
        },
        rows: {
          topic: mirrored.deals,
          whole: before === null,
          put: [...rows.deals.values()]
            .filter((deal) => before?.deals.get(deal.id) !== deal)
            .map((deal) => ({ id: deal.id, position: '', search: '', body: keepDeal(deal) })),
          remove: before ? [...before.deals.keys()].filter((id) => !rows.deals.has(id)) : [],
        },
      });
    },
  };
}

/**
 * Open cases: those whose version, or whose deal's, is another than was written last. Only blocks whose mark moved are read,
 * because every decision asks.
 */
function casesPart(operations: Operations): MirrorPart {
  let marks = new Map<number, string>();
  let written = new Map<number, string>();
  return {
    gatherMs: 500,
    async read(anew) {
      const { database } = operations.workspace;
      const now = await openCaseMarks(database);
      const moved = new Set(
        [...now.keys(), ...marks.keys()].filter((block) => now.get(block) !== marks.get(block)),
      );
      const keys = await openCaseKeys(database, anew ? null : [...moved]);
      const changed = [...keys].filter(([id, key]) => anew || written.get(id) !== key).map(([id]) => id);
      const gone = [...written.keys()].filter((id) => (anew || moved.has(blockOf(id))) && !keys.has(id));
      // What came between marks and keys may go again and leave the mark as it was: such a block is read once more.
      for (const [block, count] of countByBlock(keys))
        if (!(now.get(block) ?? '').startsWith(`${count} `)) now.set(block, '');
      // After a failure everything is read anew, so both may run ahead of what is written.
      marks = now;
      if (anew) written = keys;
      for (const id of gone) written.delete(id);
      for (const id of changed) written.set(id, keys.get(id)!);
      if (changed.length + gone.length === 0 && !anew) return null;
      const rows = await casesByIds(database, changed);
      return {
        rows: {
          topic: mirrored.cases,
          whole: anew,
          put: rows.map((row) => ({
            id: row.id,
            position: row.detected_at.toISOString(),
            search: searchOf(row),
            body: JSON.stringify(row),
          })),
          remove: gone,
        },
      };
    },
  };
}

function countByBlock(keys: ReadonlyMap<number, string>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const id of keys.keys()) counts.set(blockOf(id), (counts.get(blockOf(id)) ?? 0) + 1);
  return counts;
}
