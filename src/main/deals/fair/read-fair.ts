import { dayOf } from '../../../shared/business-day.ts';
import type { FairFacts } from '../../../shared/contract/boards.ts';
import type { OfficeSettings } from '../../../shared/contract/settings.ts';
import type { Queryable } from '../../storage/postgres.ts';
import { addDays, daysOfPeriod, type Days, type Period } from '../board-period.ts';
import { toCents } from '../leaderboard.ts';
import { readKnownFrom } from '../known-days-store.ts';
import { fairQuestion } from './fair-question.ts';
import { countFair, type CountedFair } from './fair-store.ts';

export type FairSettings = Pick<
  OfficeSettings,
  'fairBest' | 'fairImproved' | 'fairRookieDays' | 'fairHideLast'
>;

/** What the board of a period is marked by now. Asks the database nothing where every switch is off. */
export async function readFair(
  db: Queryable,
  asked: { period: Period; now: Date; settings: FairSettings & Pick<OfficeSettings, 'timeZone'> },
): Promise<FairFacts> {
  const { settings } = asked;
  const { timeZone: zone, fairBest: wantsBest, fairImproved: wantsBefore, fairRookieDays } = settings;
  if (!wantsBest && !wantsBefore && fairRookieDays === 0) return unmarked(settings);
  const question = fairQuestion(daysOfPeriod(asked.period, asked.now, zone), dayOf(asked.now, zone));
  const rookiesAfter = fairRookieDays === 0 ? null : addDays(question.asOf, -fairRookieDays);
  const wants = { wantsBest, wantsBefore: wantsBefore && (await knowsBefore(db, question.before, zone)) };
  const counted = await countFair(db, { ...question, zone, ...wants, rookiesAfter });
  return factsOf(counted, settings);
}

/** Nobody has improved on days that were never read. */
async function knowsBefore(db: Queryable, before: Days | null, zone: string): Promise<boolean> {
  return before !== null && (await readKnownFrom(db, before, zone)) === null;
}

/** Facts that mark nobody, for when nothing is asked or known; who is not named holds all the same. */
export function unmarked(settings: Pick<FairSettings, 'fairHideLast'>): FairFacts {
  return { best: null, before: null, rookies: null, hide_last: settings.fairHideLast };
}

function factsOf({ best, before, rookies }: CountedFair, settings: FairSettings): FairFacts {
  return {
    best: best && Object.fromEntries(best.map(({ userId, deals }) => [userId, deals])),
    before:
      before &&
      Object.fromEntries(
        before.map(({ userId, deals, commission }) => [
          userId,
          { deals, commission: toCents(commission) / 100 },
        ]),
      ),
    rookies: rookies && rookies.map(String),
    hide_last: settings.fairHideLast,
  };
}
