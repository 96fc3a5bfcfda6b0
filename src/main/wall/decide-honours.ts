import type { Honour } from '../../shared/contract/wall.ts';
import type { WallCheers, WallTarget } from '../../shared/contract/wall-plan.ts';
import type { WallDeal } from './plan-plings.ts';

/** Those that a day has once at most. */
export const onceADay: readonly Honour[] = ['first', 'target'];

/**
 * Why these new deals are celebrated more than others, the weightiest first. What came unheard is told as a number, so
 * of it only the target counts. `told`: what this day had already, though a deal was removed since.
 */
export function decideHonours(
  fresh: readonly WallDeal[],
  day: {
    /** All of today's deals, the new ones among them. */
    today: Iterable<WallDeal>;
    unheard: boolean;
    told(honour: Honour): boolean;
  },
  rules: { cheers: WallCheers; target: WallTarget | null },
): Honour[] {
  const { cheers, target } = rules;
  const isNew = new Set(fresh.map(({ id }) => id));
  const before = [...day.today].filter(({ id }) => !isNew.has(id));
  const reached = target !== null && isReached([...before, ...fresh], target) && !isReached(before, target);
  const honours: Honour[] = [];
  if (cheers.target && reached) honours.push('target');
  if (!day.unheard && isBig(fresh, cheers.big)) honours.push('big');
  if (!day.unheard && cheers.first && before.length === 0 && fresh.length > 0) honours.push('first');
  return honours.filter((honour) => !onceADay.includes(honour) || !day.told(honour));
}

function isBig(fresh: readonly WallDeal[], least: number | null): boolean {
  return least !== null && fresh.some(({ commission }) => (commission ?? 0) >= least);
}

function isReached(deals: readonly WallDeal[], { figure, goal }: WallTarget): boolean {
  // In hundredths, so that many deals lose no öre.
  const worth = (deal: WallDeal) =>
    figure === 'deals' ? deal.multiDeals * 100 : Math.round((deal.commission ?? 0) * 100);
  return deals.reduce((sum, deal) => sum + worth(deal), 0) >= Math.round(goal * 100);
}
