import { isCancelled, OpsdeckError } from '../errors.ts';
import { appendChange } from '../system/change-log.ts';
import { mapCampaign, mapUser, type AgentFact, type CampaignFact } from './map-agent.ts';
import { applyAgents, applyCampaigns, rememberAsked, unknownNames } from './names-store.ts';
import type { PassContext, PassOutcome } from './pass-context.ts';
import { readAllPages, type ReadResult } from './read-all-pages.ts';
import { shelveRejected, type RejectedFact } from './rejected-store.ts';

/** Reads the names and groups of all agents, and the names of all campaigns. Removes nothing. */
export async function syncAgents(context: PassContext): Promise<PassOutcome> {
  const users = await readList(context, 'users');
  const campaigns = await readList(context, 'campaigns');
  const agents: AgentFact[] = [];
  const rejected: RejectedFact[] = [];
  for (const record of users.records) {
    const mapped = mapUser(record);
    if (mapped.kind === 'agent') agents.push(mapped.fact);
    else rejected.push({ ...mapped.rejection, upstreamAt: null });
  }
  const facts = {
    agents: unique(agents, (agent) => agent.userId),
    campaigns: campaignFacts(campaigns.records),
  };
  context.onStage('applying', { records: facts.agents.length });
  const counts = await writeNames(context, facts, rejected);
  return {
    ...counts,
    removed: 0,
    held: 0,
    rejected: rejected.length,
    waiting: 0,
    pages: users.pages + campaigns.pages,
    complete: users.complete && campaigns.complete,
    shifted: users.shifted || campaigns.shifted,
    ignoredFields: 0,
    removalsHeld: false,
    note: users.why ?? campaigns.why,
  };
}

/**
 * Names the agents and campaigns that deals speak of and we cannot name yet. Only a convenience of a pass: what
 * the vendor will not tell is asked again tomorrow, and nothing else fails for it. Answers a note, or null.
 */
export async function nameUnknown(context: PassContext): Promise<string | null> {
  const unknown = await unknownNames(context.database);
  if (unknown.agents.length + unknown.campaigns.length === 0) return null;
  try {
    const users = unknown.agents.length > 0 ? await readList(context, 'users') : null;
    const campaigns = unknown.campaigns.length > 0 ? await readList(context, 'campaigns') : null;
    const agents = (users?.records ?? []).map((record) => mapUser(record));
    await writeNames(
      context,
      {
        agents: unique(
          agents.flatMap((mapped) => (mapped.kind === 'agent' ? [mapped.fact] : [])),
          (agent) => agent.userId,
        ),
        campaigns: campaignFacts(campaigns?.records ?? []),
      },
      null,
      unknown,
    );
    return null;
  } catch (error) {
    if (context.signal.aborted || isCancelled(error) || !(error instanceof OpsdeckError)) throw error;
    if (error.code === 'PERMIT_LOST' || error.code.startsWith('DATABASE')) throw error;
    // An outage is over before tomorrow: the next pass asks again.
    const outage = error.code === 'UPSTREAM_FAILED' || error.code === 'UPSTREAM_BUSY';
    if (!outage) await context.permit.transaction((tx) => rememberAsked(tx, unknown));
    return `names not read: ${error.message}`;
  }
}

function readList(context: PassContext, resource: 'users' | 'campaigns'): Promise<ReadResult> {
  return readAllPages(
    context.client,
    resource,
    {},
    {
      pageSize: context.settings.pageSize,
      purpose: 'names',
      priority: context.priority,
      maxWaitMs: context.maxWaitMs,
      signal: context.signal,
    },
  );
}

async function writeNames(
  context: PassContext,
  facts: { agents: AgentFact[]; campaigns: CampaignFact[] },
  rejected: RejectedFact[] | null,
  unknown?: { agents: number[]; campaigns: string[] },
) {
  return context.permit.transaction(async (tx) => {
    const agents = await applyAgents(tx, facts.agents);
    const campaigns = await applyCampaigns(tx, facts.campaigns);
    if (unknown) {
      // Listed without a name is asked for again tomorrow as well, not at every pass.
      const named = new Set(facts.agents.filter((agent) => agent.name).map((agent) => agent.userId));
      const known = new Set(
        facts.campaigns.filter((campaign) => campaign.name).map((campaign) => campaign.id),
      );
      await rememberAsked(tx, {
        agents: unknown.agents.filter((id) => !named.has(id)),
        campaigns: unknown.campaigns.filter((id) => !known.has(id)),
      });
    }
    if (rejected) {
      await shelveRejected(tx, 'agents', {
        rejected,
        mappedKeys: facts.agents.map((agent) => String(agent.userId)),
        completeRange: null,
        now: context.clock.now(),
      });
    }
    const counts = {
      inserted: agents.inserted + campaigns.inserted,
      updated: agents.updated + campaigns.updated,
      unchanged: agents.unchanged + campaigns.unchanged,
    };
    if (counts.inserted + counts.updated > 0) await appendChange(tx, 'agents', {});
    return counts;
  });
}

function campaignFacts(records: readonly unknown[]): CampaignFact[] {
  return unique(
    records.flatMap((record) => mapCampaign(record) ?? []),
    (campaign) => campaign.id,
  );
}

function unique<Fact, Key>(facts: readonly Fact[], keyOf: (fact: Fact) => Key): Fact[] {
  return [...new Map(facts.map((fact) => [keyOf(fact), fact])).values()];
}
