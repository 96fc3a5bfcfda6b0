import type { LeadFact } from '../../../src/main/deals/map-lead.ts';

/** Columns of the stage, in the order of `copyChunks`. */
export const stageColumns =
  'lead_id, user_id, campaign_id, commission, multi_deals, order_date, order_date_source, status, notes, updated_at';

/** The facts as COPY text, ready to be sent. */
export function copyChunks(facts: readonly LeadFact[]): string[] {
  const chunks: string[] = [];
  for (let at = 0; at < facts.length; at += 500) {
    chunks.push(
      facts
        .slice(at, at + 500)
        .map(copyLine)
        .join(''),
    );
  }
  return chunks;
}

function copyLine(fact: LeadFact): string {
  const values = [
    fact.leadId,
    fact.userId,
    fact.campaignId ?? '\\N',
    fact.commission ?? '\\N',
    fact.multiDeals,
    fact.orderDate?.toISOString() ?? '\\N',
    fact.orderDateSource,
    fact.status,
    '{}',
    fact.updatedAt.toISOString(),
  ];
  return `${values.join('\t')}\n`;
}

const differs = `(d.user_id, d.campaign_id, d.commission, d.multi_deals, d.order_date, d.status)
  is distinct from (s.user_id, s.campaign_id, s.commission, s.multi_deals, s.order_date, s.status)`;

/** The stage into the deals, as plain SQL does it. */
export const bareMerge = `
  merge into deals d using stage_deals s on d.lead_id = s.lead_id and d.follows
  when matched and ${differs} then update
    set user_id = s.user_id, campaign_id = s.campaign_id, commission = s.commission, multi_deals = s.multi_deals,
        order_date = s.order_date, status = s.status, upstream_updated_at = s.updated_at, version = d.version + 1,
        synced_at = now()
  when not matched then insert
    (lead_id, user_id, campaign_id, commission, multi_deals, order_date, order_date_source, status, notes,
     upstream_updated_at)
    values (s.lead_id, s.user_id, s.campaign_id, s.commission, s.multi_deals, s.order_date, s.order_date_source,
            s.status, s.notes, s.updated_at)`;

/** Before-images of the rows that the stage changes. */
export const bareHistory = `
  insert into deal_history (deal_id, lead_id, change, before, run_id)
  select d.id, d.lead_id, 'updated', to_jsonb(d), 1
    from stage_deals s join deals d on d.lead_id = s.lead_id and d.follows where ${differs}`;

export const bareUpdate = `
  update deals d
     set user_id = s.user_id, campaign_id = s.campaign_id, commission = s.commission, multi_deals = s.multi_deals,
         order_date = s.order_date, status = s.status, upstream_updated_at = s.updated_at, version = d.version + 1,
         synced_at = now()
    from stage_deals s
   where d.lead_id = s.lead_id and d.follows and ${differs}`;
