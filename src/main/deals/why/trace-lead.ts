import { dayOf, monthRange, todayRange, weekRange } from '../../../shared/business-day.ts';
import type { WhyStep, WhyVerdict, WhyView } from '../../../shared/contract/why.ts';
import { agentName } from '../leaderboard.ts';
import type { DealImage, LeadTrace } from './why-store.ts';

type Naming = (userId: number) => string;

/** Why a lead is, or is not, on the board, told from what is stored about it. */
export function traceLead(leadId: string, trace: LeadTrace, at: { now: Date; zone: string }): WhyView {
  const names = new Map(trace.names.map(({ user_id, name }) => [user_id, { name, group: null }]));
  const nameOf: Naming = (userId) => agentName(userId, names.get(userId));
  const steps = [
    ...dealSteps(trace, nameOf),
    ...caseSteps(trace, nameOf),
    ...decisionSteps(trace),
    ...trace.rejected.map((one) =>
      step(one.first_seen, 'rejected', { details: [one.reason], note: one.detail }),
    ),
    ...trace.missed.map((missedAt) => step(missedAt, 'missed')),
    ...holdSteps(trace),
  ];
  const counting = trace.deals.filter((deal) => !deal.is_duplicate);
  const waiting = trace.cases.some((one) => one.status === 'pending');
  return {
    lead_id: leadId,
    verdict: verdictOf(trace, { counts: counting.length > 0, waiting }),
    waiting,
    counts: counting.map((deal) => ({
      deal_id: deal.id,
      agent: nameOf(deal.user_id),
      multi_deals: deal.multi_deals,
      commission: deal.commission,
      day: dayOf(new Date(deal.order_date), at.zone),
      periods: periodsOf(new Date(deal.order_date), at),
      archived: deal.archived_at !== undefined,
    })),
    steps: steps.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : rank[a.kind] - rank[b.kind])),
    last_looked: trace.lastLooked === null ? null : iso(trace.lastLooked),
  };
}

/** Of what happened in one transaction, the cause before its effect. */
const rank: Readonly<Record<WhyStep['kind'], number>> = {
  rejected: 0,
  seen: 1,
  updated: 2,
  'case-opened': 3,
  missed: 4,
  held: 5,
  decided: 6,
  undone: 7,
  'hold-decided': 8,
  'removal-refused': 9,
  removed: 10,
  'case-withdrawn': 11,
  archived: 12,
};

function verdictOf(trace: LeadTrace, now: { counts: boolean; waiting: boolean }): WhyVerdict {
  if (now.counts) return 'counts';
  if (now.waiting) return 'waiting';
  if (trace.deals.length > 0) return 'replaced';
  // What is shelved now was read after anything that is only history.
  if (trace.rejected.length > 0) return 'rejected';
  return trace.history.length + trace.cases.length > 0 ? 'removed' : 'unknown';
}

/** Each deal from its first row to its last, by the images that were kept of it. */
function dealSteps(trace: LeadTrace, nameOf: Naming): WhyStep[] {
  const ids = new Set([...trace.deals.map((deal) => deal.id), ...trace.history.map((one) => one.deal_id)]);
  const byDecision = new Set(trace.decisions.map((one) => iso(one.at)));
  return [...ids].flatMap((id) => {
    const past = trace.history.filter((one) => one.deal_id === id);
    const now = trace.deals.find((deal) => deal.id === id);
    const images = [...past.map((one) => one.before), ...(now ? [now] : [])];
    const first = images[0];
    if (!first) return [];
    const steps: WhyStep[] = [];
    // What a decision added is told by the decision.
    if (!byDecision.has(iso(first.created_at)))
      steps.push(step(first.created_at, 'seen', { ...contentOf(first, nameOf), details: first.notes }));
    past.forEach((one, n) => {
      const after = images[n + 1];
      if (one.change === 'removed') {
        if (!byDecision.has(iso(one.changed_at)))
          steps.push(
            step(one.changed_at, 'removed', {
              ...contentOf(one.before, nameOf),
              details: one.pass === 'held' ? ['accepted'] : [],
            }),
          );
        return;
      }
      const details = after ? changedFields(one.before, after) : [];
      if (after && details.length > 0 && !byDecision.has(iso(one.changed_at)))
        steps.push(step(one.changed_at, 'updated', { ...contentOf(after, nameOf), details }));
    });
    if (now?.removal_refused_at) steps.push(step(now.removal_refused_at, 'removal-refused', { deal_id: id }));
    if (now?.archived_at !== undefined) steps.push(step(now.archived_at, 'archived', contentOf(now, nameOf)));
    return steps;
  });
}

function caseSteps(trace: LeadTrace, nameOf: Naming): WhyStep[] {
  return trace.cases.flatMap((one) => [
    step(one.detected_at, 'case-opened', {
      agent: nameOf(one.new_user_id),
      commission: one.new_commission,
      order_date: iso(one.new_order_date),
      details: one.reasons,
    }),
    ...(one.status === 'withdrawn' && one.resolved_at ? [step(one.resolved_at, 'case-withdrawn')] : []),
  ]);
}

function decisionSteps(trace: LeadTrace): WhyStep[] {
  return trace.decisions.map(({ at, actor, action, note }) =>
    action === 'undo'
      ? step(at, 'undone', { by: actor, note })
      : step(at, 'decided', { by: actor, note, details: [action] }),
  );
}

function holdSteps(trace: LeadTrace): WhyStep[] {
  return trace.holds.flatMap((hold) => [
    step(hold.held_at, 'held', { details: [hold.reason] }),
    ...(hold.decided_at
      ? [
          step(hold.decided_at, 'hold-decided', {
            by: hold.decided_by,
            note: hold.note,
            details: [hold.state === 'discarded' ? 'discarded' : 'accepted'],
          }),
        ]
      : []),
  ]);
}

const compared = ['user_id', 'commission', 'order_date', 'multi_deals', 'campaign_id', 'status'] as const;
const fieldNames: Readonly<Record<(typeof compared)[number], string>> = {
  user_id: 'agent',
  commission: 'commission',
  order_date: 'order_date',
  multi_deals: 'multi_deals',
  campaign_id: 'campaign',
  status: 'status',
};

/** In what two images of a deal differ, as cases name fields. */
function changedFields(before: DealImage, after: DealImage): string[] {
  return compared
    .filter((field) =>
      field === 'order_date'
        ? Date.parse(before[field]) !== Date.parse(after[field])
        : before[field] !== after[field],
    )
    .map((field) => fieldNames[field]);
}

function contentOf(deal: DealImage, nameOf: Naming): Partial<WhyStep> {
  return {
    deal_id: deal.id,
    agent: nameOf(deal.user_id),
    commission: deal.commission,
    order_date: iso(deal.order_date),
  };
}

function periodsOf(order: Date, at: { now: Date; zone: string }): WhyView['counts'][number]['periods'] {
  const ranges = { today: todayRange, week: weekRange, month: monthRange };
  return (['today', 'week', 'month'] as const).filter((period) => {
    const { start, end } = ranges[period](at.now, at.zone);
    return order >= start && order < end;
  });
}

function step(at: string, kind: WhyStep['kind'], more: Partial<WhyStep> = {}): WhyStep {
  const empty = { deal_id: null, agent: null, commission: null, order_date: null, by: null, note: null };
  return { ...empty, details: [], ...more, at: iso(at), kind };
}

const iso = (instant: string) => new Date(instant).toISOString();
