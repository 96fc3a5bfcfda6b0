import type { BoardView, GroupRow, TrendDay } from '../../shared/contract/boards.ts';
import type { BoardRow } from '../../shared/contract/deals.ts';
import { listDays, type Days } from './board-period.ts';
import type { AgentCount, CountedBoard } from './boards-store.ts';
import { agentName, compareRows, compareStandings, toCents } from './leaderboard.ts';

type Standings = Pick<BoardView, 'agents' | 'groups' | 'totals' | 'trend' | 'before'>;

/** Puts a board together from what was counted: agents, groups and totals of the period, and the trend of both. */
export function makePeriodBoard(counted: CountedBoard, period: Days, before: Days): Standings {
  const twice = new Map(counted.twice.map((row) => [row.group, row.receivers]));
  const byDay = new Map(counted.days.map((row) => [row.day, row]));
  const trendOf = (days: Days) => listDays(days).map((day) => trendDay(day, byDay.get(day)));
  return {
    agents: counted.agents.map(agentRow).sort(compareRows),
    groups: groupRows(counted.agents, twice),
    totals: standing(counted.agents, twice.get(null) ?? 0),
    trend: trendOf(period),
    before: trendOf(before),
  };
}

function agentRow(agent: AgentCount): BoardRow {
  return {
    user_id: String(agent.userId),
    name: agentName(agent.userId, agent),
    group: agent.group,
    ...standing([agent], 0),
  };
}

function groupRows(agents: readonly AgentCount[], twice: ReadonlyMap<string | null, number>): GroupRow[] {
  const members = new Map<string, AgentCount[]>();
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

/** The sum of some agents; `twice` receivers are in more than one of them. */
function standing(agents: readonly AgentCount[], twice: number): BoardView['totals'] {
  const deals = agents.reduce((sum, agent) => sum + agent.deals, 0);
  const sms = agents.reduce((sum, agent) => sum + agent.receivers, 0) - twice;
  return {
    deals,
    commission: agents.reduce((sum, agent) => sum + toCents(agent.commission), 0) / 100,
    sms,
    conversion: sms > 0 ? deals / sms : null,
  };
}

function trendDay(day: string, found: CountedBoard['days'][number] | undefined): TrendDay {
  return { day, deals: found?.deals ?? 0, commission: toCents(found?.commission ?? null) / 100 };
}
