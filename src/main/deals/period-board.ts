import type { BoardView, GroupRow, TrendDay } from '../../shared/contract/boards.ts';
import type { BoardRow } from '../../shared/contract/deals.ts';
import { listDays, type Days } from './board-period.ts';
import type { AgentCount, CountedBoard } from './boards-store.ts';
import { agentName, compareRows, compareStandings, toCents } from './leaderboard.ts';

type Standings = Pick<BoardView, 'agents' | 'groups' | 'totals' | 'trend' | 'before'>;

/** An agent with the commission in hundredths, reckoned once. */
type Counted = AgentCount & { cents: number };

/** Puts a board together from what was counted: agents, groups and totals of the period, and the trend of both. */
export function makePeriodBoard(counted: CountedBoard, period: Days, before: Days): Standings {
  const agents = counted.agents.map((agent) => ({ ...agent, cents: toCents(agent.commission) }));
  const groupOf = new Map(agents.map((agent) => [agent.userId, agent.group]));
  const twice = countedTwice(counted.shared, (userId) => groupOf.get(userId) ?? null);
  const byDay = new Map(counted.days.map((row) => [row.day, row]));
  const trendOf = (days: Days) => listDays(days).map((day) => trendDay(day, byDay.get(day)));
  return {
    agents: agents.map(agentRow).sort(compareRows),
    groups: groupRows(agents, twice.groups),
    totals: standing(agents, twice.office),
    trend: trendOf(period),
    before: trendOf(before),
  };
}

function agentRow(agent: Counted): BoardRow {
  return {
    user_id: String(agent.userId),
    name: agentName(agent.userId, agent),
    group: agent.group,
    ...standing([agent], 0),
  };
}

function groupRows(agents: readonly Counted[], twice: ReadonlyMap<string, number>): GroupRow[] {
  const members = new Map<string, Counted[]>();
  for (const agent of agents) {
    if (agent.group === null) continue;
    const others = members.get(agent.group);
    if (others) others.push(agent);
    else members.set(agent.group, [agent]);
  }
  return [...members]
    .map(([group, of]) => ({ group, agents: of.length, ...standing(of, twice.get(group) ?? 0) }))
    .sort((a, b) => compareStandings({ ...a, name: a.group }, { ...b, name: b.group }));
}

/** How many receivers are counted more than once among the agents of each group, and among all of the office. */
function countedTwice(shared: CountedBoard['shared'], groupOf: (userId: number) => string | null) {
  const groups = new Map<string, number>();
  let office = 0;
  for (const { userIds, receivers } of shared) {
    office += (userIds.length - 1) * receivers;
    const seen = new Set<string>();
    for (const group of userIds.map(groupOf)) {
      if (group === null) continue;
      if (seen.has(group)) groups.set(group, (groups.get(group) ?? 0) + receivers);
      seen.add(group);
    }
  }
  return { groups, office };
}

/** The sum of some agents; `twice` receivers are in more than one of them. */
function standing(agents: readonly Counted[], twice: number): BoardView['totals'] {
  const deals = agents.reduce((sum, agent) => sum + agent.deals, 0);
  const sms = agents.reduce((sum, agent) => sum + agent.receivers, 0) - twice;
  return {
    deals,
    commission: agents.reduce((sum, agent) => sum + agent.cents, 0) / 100,
    sms,
    conversion: sms > 0 ? deals / sms : null,
  };
}

function trendDay(day: string, found: CountedBoard['days'][number] | undefined): TrendDay {
  return { day, deals: found?.deals ?? 0, commission: toCents(found?.commission ?? null) / 100 };
}
