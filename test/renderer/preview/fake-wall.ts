import type { BoardRow } from '../../../src/shared/contract/deals.ts';
import { implement, ORPCError } from '@orpc/server';
import {
  wallContract,
  type Celebration,
  type WallEvent,
  type WallState,
} from '../../../src/shared/contract/wall.ts';
import { usualSlide, type WallSlide } from '../../../src/shared/contract/wall-plan.ts';
import { consoleContract } from '../../../src/shared/contract/index.ts';
import type { ConsoleSettings } from '../../../src/shared/contract/system.ts';
import { slidesFor } from '../../../src/shared/wall-schedule.ts';
import { ago, longNames, makeBoardView, makeFair, makeToday, type Scenario } from './scenarios.ts';

export const wallScenarios = [
  'ordinary',
  'empty',
  'three',
  'many',
  'long',
  'pling',
  'pling-long',
  'burst',
  'summary',
  'away',
  'reading',
  'late',
  'muted',
  'calm',
  'slow',
  'failing',
  'sliding',
  'week',
  'groups',
  'commission',
  'conversion',
  'trend',
  'trend-month',
  'metrics',
  'battle',
  'target',
  'reached',
  'waiting',
  'nothing-waiting',
  'big',
  'rehearsal',
  'fair',
  'rookies',
] as const;
export type WallScenario = (typeof wallScenarios)[number];

/** True for the name of a scenario. */
export function isWallScenario(name: string): name is WallScenario {
  return (wallScenarios as readonly string[]).includes(name);
}

/** A wall's main that answers one scenario. */
export function createFakeWallRouter(scenario: WallScenario, language: 'sv' | 'en') {
  const os = implement(wallContract);
  const like =
    scenario === 'empty' || scenario === 'three' || scenario === 'many' || scenario === 'long'
      ? scenario
      : 'ordinary';
  const inOrder = (rows: BoardRow[]) =>
    [...rows].sort((a, b) => b.deals - a.deals || b.commission - a.commission);
  const today = makeToday(like, 1, []);
  const fair = makeFair(scenario);
  let board = { ...today, unsaved: scenario === 'reading' ? 3 : 0, board: inOrder(today.board), fair };
  const answer = async <T>(value: () => T): Promise<T> => {
    if (scenario === 'slow') await new Promise(() => undefined);
    if (scenario === 'failing') throw new ORPCError('DATABASE_AWAY', { message: 'away' });
    return value();
  };
  return os.router({
    wall: {
      board: os.wall.board.handler(() => answer(() => board)),
      state: os.wall.state.handler(() => answer(() => makeState(scenario))),
      settings: os.wall.settings.handler(() => ({
        language,
        volume: 70,
        muted: scenario === 'muted',
        calm: scenario === 'calm',
        slides: [makeSlide(scenario)],
        target: { figure: 'deals', goal: scenario === 'reached' ? 60 : 150 },
        media: scenario === 'big' ? { 'Erik Lindqvist': { sound: null, picture: portrait } } : {},
      })),
      period: os.wall.period.handler(({ input }) =>
        answer(() => ({ ...makeBoardView(like, input.period), counted_at: ago(3), fair })),
      ),
      waiting: os.wall.waiting.handler(() =>
        answer(() => ({ duplicates: scenario === 'nothing-waiting' ? 0 : 7, counted_at: ago(5) })),
      ),
      beat: os.wall.beat.handler(() => ({})),
      changes: os.wall.changes.handler(async function* (): AsyncGenerator<WallEvent> {
        yield { type: 'all' };
        const celebration = makeCelebration(scenario);
        if (celebration) yield { type: 'celebrate', celebration };
        while (scenario === 'sliding') {
          await new Promise((resolve) => setTimeout(resolve, 1_500));
          const rows = board.board.map((row, index) =>
            index === 5 ? { ...row, deals: row.deals + 4, commission: row.commission + 5_800 } : row,
          );
          board = { ...board, board: inOrder(rows) };
          yield { type: 'board' };
        }
        await new Promise(() => undefined);
      }),
    },
  });
}

/** A face that needs no file. */
const portrait =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="#cfe2f5"/><circle cx="4" cy="3" r="1.6" fill="#5b6773"/><circle cx="4" cy="8" r="3" fill="#5b6773"/></svg>',
  );

/** The one slide of a scenario. */
export function makeSlide(scenario: WallScenario): WallSlide {
  const { id, seconds, hours, weekdays } = usualSlide;
  const common = { id, seconds, hours, weekdays };
  const board = { ...common, kind: 'board', period: 'month', by: 'agents', metric: 'deals' } as const;
  switch (scenario) {
    case 'week':
      return { ...board, period: 'week' };
    case 'groups':
      return { ...board, by: 'groups' };
    case 'commission':
    case 'conversion':
      return { ...board, metric: scenario };
    case 'rookies':
      return { ...board, by: 'rookies' };
    case 'trend':
      return { ...common, kind: 'trend', period: 'week', figure: 'deals' };
    case 'trend-month':
      return { ...common, kind: 'trend', period: 'month', figure: 'commission' };
    case 'metrics':
      return { ...common, kind: 'metrics', period: 'week' };
    case 'battle':
      return { ...common, kind: 'battle', period: 'week', figure: 'commission' };
    case 'target':
    case 'reached':
      return { ...common, kind: 'target' };
    case 'waiting':
    case 'nothing-waiting':
      return { ...common, kind: 'waiting' };
    default:
      return usualSlide;
  }
}

function makeState(scenario: WallScenario): WallState {
  return {
    now: ago(0),
    workspace: scenario === 'many' ? 'team' : 'sandbox',
    read_at: scenario === 'away' || scenario === 'late' ? ago(2_700) : ago(94),
    delta_seconds: 120,
    upstream: 'ok',
    database_away_since: scenario === 'away' || scenario === 'reading' ? ago(2_640) : null,
    reading_on: scenario === 'reading',
    led: true,
  };
}

function makeCelebration(scenario: WallScenario): Celebration | null {
  const deal = (agent: string, commission: number | null, campaign: string | null) => ({
    user_id: agent,
    agent,
    commission,
    campaign,
    multi_deals: 1,
  });
  const erik = deal('Erik Lindqvist', 4_500, 'Fiber Väst 2026');
  const base = {
    ...{ number: 1, since: null, silent: true, volume: 70, honours: [], rehearsal: false },
    ...{ count: 1, commission: 4_500 },
  };
  switch (scenario) {
    case 'pling':
    case 'calm':
      return { ...base, kind: 'pling', deals: [erik] };
    case 'big':
      return { ...base, kind: 'pling', honours: ['target', 'big'], deals: [erik] };
    case 'rehearsal':
      return { ...base, kind: 'pling', rehearsal: true, deals: [erik] };
    case 'pling-long':
      return {
        ...base,
        kind: 'pling',
        deals: [
          deal(
            longNames[0]!,
            1_249.5,
            'Kampanj med ett väldigt långt namn för återkommande kunder i hela Norden',
          ),
        ],
      };
    case 'burst':
      return {
        ...base,
        kind: 'burst',
        count: 4,
        commission: 12_250,
        deals: [
          erik,
          deal('Fatima Al-Hassan', 3_250, null),
          deal(longNames[0]!, null, null),
          deal('Nils Ek', 4_500, null),
        ],
      };
    case 'summary':
      return { ...base, kind: 'summary', count: 17, commission: 41_750, since: ago(2_400), deals: [] };
    default:
      return null;
  }
}

/** What a console's preview of the wall is told. */
export function createFakePreview(scenario: Scenario, own: () => ConsoleSettings) {
  const os = implement(consoleContract).wallPreview;
  const today = makeToday(scenario, 1, []);
  return {
    board: os.board.handler(() => ({ ...today, unsaved: 0, fair: makeFair(scenario) })),
    state: os.state.handler(() => makeState('ordinary')),
    settings: os.settings.handler(() => {
      const { language, wallMuted: muted, wallVolume: volume, wallTarget: target } = own();
      const slides = [...slidesFor(own().wallPlans, own().wallDisplay)];
      return { language, volume, muted, calm: false, slides, target, media: {} };
    }),
    period: os.period.handler(({ input }) => ({
      ...makeBoardView(scenario, input.period),
      counted_at: ago(3),
      fair: makeFair(scenario),
    })),
    waiting: os.waiting.handler(() => ({ duplicates: 7, counted_at: ago(5) })),
  };
}
