import type { BoardView } from '../../shared/contract/boards.ts';
import { toCsv } from '../csv.ts';

export interface BoardFile {
  name: string;
  text: string;
  rows: number;
}

const headings = {
  sv: {
    rank: 'Plats',
    id: 'Säljar-id',
    agent: 'Säljare',
    group: 'Grupp',
    agents: 'Antal säljare',
    deals: 'Affärer',
    commission: 'Provision',
    sms: 'Unika SMS',
    conversion: 'Affärer per SMS',
    file: { agents: 'topplista-saljare', groups: 'topplista-grupper' },
  },
  en: {
    rank: 'Place',
    id: 'Agent id',
    agent: 'Agent',
    group: 'Group',
    agents: 'Agents',
    deals: 'Deals',
    commission: 'Commission',
    sms: 'Unique SMS',
    conversion: 'Deals per SMS',
    file: { agents: 'leaderboard-agents', groups: 'leaderboard-groups' },
  },
} as const;

/** A board as a CSV file in the order of its places, one row for each agent or group; its name tells the period. */
export function boardFile(
  board: BoardView,
  by: 'agents' | 'groups',
  language: keyof typeof headings,
): BoardFile {
  const words = headings[language];
  const figures = [words.deals, words.commission, words.sms, words.conversion];
  const text =
    by === 'agents'
      ? toCsv(
          [words.rank, words.id, words.agent, words.group, ...figures],
          board.agents.map((row, place) => [place + 1, row.user_id, row.name, row.group, ...figuresOf(row)]),
        )
      : toCsv(
          [words.rank, words.group, words.agents, ...figures],
          board.groups.map((row, place) => [place + 1, row.group, row.agents, ...figuresOf(row)]),
        );
  const days = board.from === board.to ? board.from : `${board.from}--${board.to}`;
  return { name: `${words.file[by]}-${days}.csv`, text, rows: board[by].length };
}

function figuresOf(row: BoardView['totals']): (number | null)[] {
  const { deals, commission, sms, conversion } = row;
  return [deals, commission, sms, conversion === null ? null : Math.round(conversion * 10_000) / 10_000];
}
