import type { ClosedDuplicate, DuplicateField, DuplicateSide } from '../../shared/contract/duplicates.ts';
import { csvHead, csvRows, type CsvValue } from '../csv.ts';

type Language = 'sv' | 'en';
type Outcome = Exclude<ClosedDuplicate['resolution'], null> | 'withdrawn';

interface Words {
  case: readonly string[];
  side: readonly string[];
  existing: string;
  incoming: string;
  end: readonly string[];
  outcome: Readonly<Record<Outcome, string>>;
  field: Readonly<Record<DuplicateField, string>>;
}

const words: Readonly<Record<Language, Words>> = {
  sv: {
    case: ['Ärende', 'Lead', 'Upptäckt', 'Skiljer sig'],
    side: ['säljare', 'grupp', 'provision', 'antal', 'orderdatum', 'kampanj'],
    existing: 'Befintlig',
    incoming: 'Ny',
    end: ['Beslut', 'Beslutat', 'Av', 'Anteckning'],
    outcome: {
      approved: 'Godkänd',
      replaced: 'Ersatt',
      merged: 'Sammanslagen',
      rejected: 'Avvisad',
      withdrawn: 'Återtagen',
    },
    field: {
      agent: 'säljare',
      commission: 'provision',
      order_date: 'orderdatum',
      multi_deals: 'antal',
      campaign: 'kampanj',
    },
  },
  en: {
    case: ['Case', 'Lead', 'Detected', 'Differs in'],
    side: ['agent', 'group', 'commission', 'deals', 'order date', 'campaign'],
    existing: 'Existing',
    incoming: 'New',
    end: ['Decision', 'Decided', 'By', 'Note'],
    outcome: {
      approved: 'Approved',
      replaced: 'Replaced',
      merged: 'Merged',
      rejected: 'Rejected',
      withdrawn: 'Withdrawn',
    },
    field: {
      agent: 'agent',
      commission: 'commission',
      order_date: 'order date',
      multi_deals: 'deals',
      campaign: 'campaign',
    },
  },
};

/** The first line of closed cases as a CSV file. */
export function historyHead(language: Language): string {
  const of = words[language];
  return csvHead([
    ...of.case,
    ...of.side.map((name) => `${of.existing}: ${name}`),
    ...of.side.map((name) => `${of.incoming}: ${name}`),
    ...of.end,
  ]);
}

/** Closed cases as its rows, one each, with both sides; times are the office's clock. */
export function historyRows(
  closed: readonly ClosedDuplicate[],
  language: Language,
  timeZone: string,
): string {
  const of = words[language];
  const local = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  const time = (iso: string) => local.format(new Date(iso));
  const sideOf = (side: DuplicateSide | null): CsvValue[] =>
    side
      ? [side.agent, side.group, side.commission, side.multi_deals, time(side.order_date), side.campaign]
      : [null, null, null, null, null, null];
  const rows = closed.map((one): CsvValue[] => [
    one.id,
    one.lead_id,
    time(one.detected_at),
    one.differs.map((field) => of.field[field]).join(', '),
    ...sideOf(one.existing),
    ...sideOf(one.incoming),
    of.outcome[one.resolution ?? 'withdrawn'],
    time(one.resolved_at),
    one.resolved_by,
    one.note,
  ]);
  return csvRows(rows);
}
