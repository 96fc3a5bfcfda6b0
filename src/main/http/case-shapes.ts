import type { ClosedDuplicate, PendingDuplicate } from '../../shared/contract/duplicates.ts';
import type { PendingCase } from '../../shared/contract/http/duplicates.ts';

/** A case as scripts know it: both sides flat. */
export function pendingCaseOf({ existing, incoming, ...about }: PendingDuplicate): PendingCase {
  return {
    id: about.id,
    lead_id: about.lead_id,
    existing_agent_name: existing?.agent ?? null,
    existing_commission: existing?.commission ?? null,
    existing_order_date: existing?.order_date ?? null,
    new_agent_name: incoming.agent,
    new_commission: incoming.commission,
    new_order_date: incoming.order_date,
    detected_at: about.detected_at,
    version: about.version,
  };
}

/** A closed one, with how it ended. */
export function closedCaseOf(closed: ClosedDuplicate) {
  const { status, resolution, resolved_at, resolved_by, note } = closed;
  return { ...pendingCaseOf(closed), status, resolution, resolved_at, resolved_by, note };
}

/** The name a script gives is a remark beside the note: who decides is the owner of its token. */
export function noteWith(note: string | undefined, adminName: string | undefined): string | undefined {
  const remark = adminName ? `(adminName: ${adminName})` : '';
  return [note ?? '', remark].filter(Boolean).join(' ') || undefined;
}
