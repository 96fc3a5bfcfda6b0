import type { WhyView } from '../../../shared/contract/why.ts';
import type { Operations } from '../../operations.ts';
import { traceLead } from './trace-lead.ts';
import { readTrace } from './why-store.ts';

/** Why a lead is, or is not, on the board. One that was never read is answered too. */
export async function why(operations: Operations, leadId: string): Promise<WhyView> {
  const { database, passes } = operations.workspace;
  const at = { now: passes.clock.now(), zone: operations.settings().timeZone };
  return traceLead(leadId, await readTrace(database, leadId), at);
}
