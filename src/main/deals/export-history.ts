import type { HistoryFilter } from '../../shared/contract/duplicates.ts';
import type { FileContent } from '../csv.ts';
import type { Operations } from '../operations.ts';
import type { Database } from '../storage/postgres.ts';
import { pagedReading } from '../storage/read-in-pages.ts';
import { closedFilter, closedView } from './answer-duplicates.ts';
import { closedInPages, type ClosedFilter } from './cases-store.ts';
import { historyHead, historyRows } from './history-csv.ts';

type Language = 'sv' | 'en';

/** Rows fetched and written at a time. */
const pageRows = 2_000;

/** Writes the closed cases that are meant as CSV, newest first, as of one instant; answers how many. */
export function writeHistory(
  database: Pick<Database, 'transaction'>,
  asked: { filter: ClosedFilter; timeZone: string; language: Language },
  write: (text: string) => Promise<void>,
): Promise<number> {
  const { filter, timeZone, language } = asked;
  return database.transaction(async (tx) => {
    await write(historyHead(language));
    let rows = 0;
    for await (const page of closedInPages(tx, filter, pageRows)) {
      const closed = page.map((row) => closedView(row, timeZone));
      await write(historyRows(closed, language, timeZone));
      rows += page.length;
    }
    return rows;
  }, pagedReading);
}

/** Saves all that the filter means as a CSV file where a person says. */
export async function exportHistory(
  operations: Operations,
  desktop: { saveFile(suggestedName: string, content: FileContent): Promise<string | null> },
  input: HistoryFilter & { language: 'sv' | 'en' },
): Promise<{ path: string | null; rows: number }> {
  const { timeZone } = operations.settings();
  const { database, passes } = operations.workspace;
  const { language } = input;
  const asked = { filter: closedFilter(input, timeZone), timeZone, language };
  let rows = 0;
  const path = await desktop.saveFile(fileName(passes.clock.now(), language), async (write) => {
    rows = await writeHistory(database, asked, write);
  });
  return { path, rows };
}

function fileName(now: Date, language: Language): string {
  return `${language === 'sv' ? 'dubbletter' : 'duplicates'}-${now.toISOString().slice(0, 10)}.csv`;
}
