import { csvHead, csvRows, type CsvValue } from '../csv.ts';
import type { Database } from '../storage/postgres.ts';
import { pagedReading } from '../storage/read-in-pages.ts';
import { rangeOfDays, type Days } from './board-period.ts';
import { dealsInPages, type ExportedDeal } from './deals-export-store.ts';
import { agentName } from './leaderboard.ts';

type Language = 'sv' | 'en';

const headings: Record<Language, readonly string[]> = {
  sv: [
    'Affär',
    'Lead',
    'Säljar-id',
    'Säljare',
    'Grupp',
    'Kampanj-id',
    'Kampanj',
    'Antal',
    'Provision',
    'Orderdatum',
    'Datumets källa',
    'Status',
    'Räknas',
    'Ersatt av',
    'Först sedd',
  ],
  en: [
    'Deal',
    'Lead',
    'Agent id',
    'Agent',
    'Group',
    'Campaign id',
    'Campaign',
    'Deals',
    'Commission',
    'Order date',
    'Source of date',
    'Status',
    'Counts',
    'Replaced by',
    'First seen',
  ],
};
const sources: Record<Language, Record<ExportedDeal['orderDateSource'], string>> = {
  sv: { instant: 'tidpunkt', day: 'dag', fallback: 'saknas, senast ändrad' },
  en: { instant: 'instant', day: 'day', fallback: 'missing, last updated' },
};
const yesNo = { sv: ['ja', 'nej'], en: ['yes', 'no'] } as const;

/** Rows fetched and written at a time. */
const pageRows = 5_000;

/**
 * Writes every deal of some office days as CSV, in order of their date, replaced and archived ones too: what counts
 * adds up to the board of the same days. All is as of one instant and goes page by page, so that it costs the same
 * memory however much there is and no pass beside it shows. Answers how many rows were written.
 */
export function exportDeals(
  database: Pick<Database, 'transaction'>,
  asked: { days: Days; zone: string; language: Language },
  write: (text: string) => Promise<void>,
): Promise<number> {
  const { days, zone, language } = asked;
  return database.transaction(async (tx) => {
    await write(csvHead(headings[language]));
    const line = lineIn(language, zone);
    let rows = 0;
    for await (const page of dealsInPages(tx, rangeOfDays(days, zone), pageRows)) {
      await write(csvRows(page.map(line)));
      rows += page.length;
    }
    return rows;
  }, pagedReading);
}

/** Times are the office's clock, with its offset from UTC: the hour that clocks repeat is told apart. */
function lineIn(language: Language, zone: string): (deal: ExportedDeal) => CsvValue[] {
  const clock = new Intl.DateTimeFormat('sv-SE', {
    ...{ timeZone: zone, dateStyle: 'short', timeStyle: 'medium' },
  });
  const offset = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  const time = (at: Date): string => {
    const part = offset.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    return `${clock.format(at)} ${part.replace('GMT', '') || '+00:00'}`.trim();
  };
  const [yes, no] = yesNo[language];
  return (deal) => [
    deal.id,
    deal.leadId,
    deal.userId,
    agentName(deal.userId, { name: deal.agent, group: deal.group }),
    deal.group,
    deal.campaignId,
    deal.campaign,
    deal.multiDeals,
    deal.commission === null ? null : Number(deal.commission),
    time(deal.orderDate),
    sources[language][deal.orderDateSource],
    deal.status,
    deal.counts ? yes : no,
    deal.replacedBy,
    time(deal.createdAt),
  ];
}

/** What the file is called. */
export function dealsFileName({ from, to }: Days, language: Language): string {
  return `${language === 'sv' ? 'affarer' : 'deals'}-${from === to ? from : `${from}--${to}`}.csv`;
}
