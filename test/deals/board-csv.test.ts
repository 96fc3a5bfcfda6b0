import { expect, test } from 'vitest';
import { boardFile } from '../../src/main/deals/board-csv.ts';

const figures = { deals: 3, commission: 4500.5, sms: 7, conversion: 3 / 7 };
const board = {
  from: '2026-11-16',
  to: '2026-11-22',
  shape: 'week' as const,
  today: '2026-11-22',
  time_zone: 'Europe/Stockholm',
  counted_at: '2026-11-22T11:00:00.000Z',
  known_from: null,
  previous: null,
  next: null,
  agents: [
    { user_id: '1', name: 'Åsa, Norr', group: 'Norr', ...figures },
    { user_id: '2', name: '=cmd()', group: null, deals: 0, commission: 0, sms: 0, conversion: null },
  ],
  groups: [{ group: 'Norr', agents: 1, ...figures }],
  totals: figures,
  trend: [],
  before: [],
};

test('a board is a file of its agents, in the language asked for', () => {
  expect(boardFile(board, 'agents', 'sv')).toEqual({
    name: 'topplista-saljare-2026-11-16--2026-11-22.csv',
    rows: 2,
    text:
      '\uFEFFPlats,Säljar-id,Säljare,Grupp,Affärer,Provision,Unika SMS,Affärer per SMS\r\n' +
      '1,1,"Åsa, Norr",Norr,3,4500.5,7,0.4286\r\n' +
      "2,2,'=cmd(),,0,0,0,\r\n",
  });
});

test('or of its groups; a single day has one date in its name', () => {
  const file = boardFile({ ...board, to: board.from }, 'groups', 'en');
  expect(file.name).toBe('leaderboard-groups-2026-11-16.csv');
  expect(file.text).toContain(
    'Place,Group,Agents,Deals,Commission,Unique SMS,Deals per SMS\r\n1,Norr,1,3,4500.5,7,0.4286',
  );
});
