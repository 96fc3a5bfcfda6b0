import type { BoardView, FairFacts } from '../../shared/contract/boards.ts';
import type { FileContent } from '../csv.ts';
import type { Operations } from '../operations.ts';
import { boardFile } from './board-csv.ts';
import { dealsFileName, exportDeals } from './export-deals.ts';
import { daysOfPeriod, readPeriod } from './board-period.ts';
import { readFair } from './fair/read-fair.ts';
import { readBoard } from './read-board.ts';

/** The board of a period, from the database. BAD_REQUEST in words for a period that is none. */
export function board(operations: Operations, period: string): Promise<BoardView> {
  const { workspace } = operations;
  return readBoard(workspace.database, {
    period: readPeriod(period),
    now: workspace.passes.clock.now(),
    zone: operations.settings().timeZone,
  });
}

/** What the board of a period is marked by. BAD_REQUEST in words for a period that is none. */
export function fair(operations: Operations, period: string): Promise<FairFacts> {
  const { workspace } = operations;
  return readFair(workspace.database, {
    period: readPeriod(period),
    now: workspace.passes.clock.now(),
    settings: operations.settings(),
  });
}

/** Saves what the console prints of a board as a PDF, under a name of its days. */
export async function savePdf(
  operations: Operations,
  asked: { period: string; language: 'sv' | 'en' },
  save: (suggestedName: string) => Promise<string | null>,
): Promise<{ path: string | null }> {
  const { workspace } = operations;
  const zone = operations.settings().timeZone;
  const { from, to } = daysOfPeriod(readPeriod(asked.period), workspace.passes.clock.now(), zone);
  const what = asked.language === 'sv' ? 'rapport' : 'report';
  return { path: await save(`${what}-${from === to ? from : `${from}--${to}`}.pdf`) };
}

/** Saves a board where the person says; a null path when they thought better of it. */
export async function exportCsv(
  operations: Operations,
  asked: { period: string; by: 'agents' | 'groups'; language: 'sv' | 'en' },
  saveFile: (suggestedName: string, text: string) => Promise<string | null>,
): Promise<{ path: string | null; rows: number }> {
  const { name, text, rows } = boardFile(await board(operations, asked.period), asked.by, asked.language);
  return { path: await saveFile(name, text), rows };
}

/** Saves every deal of a period where the person says; a null path when they thought better of it. */
export async function saveDeals(
  operations: Operations,
  asked: { period: string; language: 'sv' | 'en' },
  saveFile: (suggestedName: string, content: FileContent) => Promise<string | null>,
): Promise<{ path: string | null; rows: number }> {
  const { database, passes } = operations.workspace;
  const { language } = asked;
  const zone = operations.settings().timeZone;
  const days = daysOfPeriod(readPeriod(asked.period), passes.clock.now(), zone);
  let rows = 0;
  const path = await saveFile(dealsFileName(days, language), async (write) => {
    rows = await exportDeals(database, { days, zone, language }, write);
  });
  return { path, rows };
}
