import { readInPages } from '../storage/read-in-pages.ts';
import type { Transaction } from '../storage/postgres.ts';

/** A deal as it is exported: everything that is stored of it, counted or not. */
export interface ExportedDeal {
  id: number;
  leadId: string;
  userId: number;
  agent: string | null;
  group: string | null;
  campaignId: string | null;
  campaign: string | null;
  multiDeals: number;
  /** Decimal text. */
  commission: string | null;
  orderDate: Date;
  orderDateSource: 'instant' | 'day' | 'fallback';
  status: string;
  /** False: replaced by another, so no board counts it. */
  counts: boolean;
  replacedBy: number | null;
  createdAt: Date;
}

/** Deals of a stretch of time in order of their date, archived ones too, some at a time. */
export function dealsInPages(
  tx: Transaction,
  within: { start: Date; end: Date },
  rows: number,
): AsyncGenerator<ExportedDeal[]> {
  return readInPages<ExportedDeal>(
    tx,
    `select d.id, d.lead_id as "leadId", d.user_id as "userId", a.name as agent, a.group_name as "group",
            d.campaign_id as "campaignId", c.name as campaign, d.multi_deals as "multiDeals", d.commission,
            d.order_date as "orderDate", d.order_date_source as "orderDateSource", d.status,
            not d.is_duplicate as counts, d.replaced_by as "replacedBy", d.created_at as "createdAt"
       from deals_all d left join agents a using (user_id) left join campaigns c on c.id = d.campaign_id
      where d.order_date >= $1 and d.order_date < $2
      order by d.order_date, d.id`,
    [within.start, within.end],
    rows,
  );
}
