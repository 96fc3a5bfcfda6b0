import { mostNamed, type Celebration, type Honour } from '../../shared/contract/wall.ts';

/** One of today's deals as the wall needs it. */
export interface WallDeal {
  id: number;
  leadId: string;
  userId: number;
  orderDate: Date;
  agent: string;
  campaign: string | null;
  commission: number | null;
  multiDeals: number;
}

/** How a deal became known to a wall. seeded: it was there before, and made no sound. */
export type PlingState = 'pling' | 'burst' | 'summary' | 'seeded' | 'muted';

export interface PlingPlan {
  /** To be written down before anything is told. */
  state: PlingState;
  celebration: Told;
}

/** A celebration before it has its number and its volume. */
export type Told = Omit<Celebration, 'number' | 'volume' | 'rehearsal'>;

/**
 * How deals that no celebration has told of are celebrated: one by its name, a few together, more than a few or what
 * came unheard as a number only, without fanfare. Null without deals.
 */
export function planPlings(
  deals: readonly WallDeal[],
  how: { unheard: boolean; silent: boolean; since: Date | null; honours: readonly Honour[] },
): PlingPlan | null {
  if (deals.length === 0) return null;
  const kind = how.unheard || deals.length > mostNamed ? 'summary' : deals.length === 1 ? 'pling' : 'burst';
  const named = deals.length <= mostNamed ? deals : [];
  return {
    state: how.silent ? 'muted' : kind,
    celebration: {
      kind,
      deals: named.map((deal) => ({
        user_id: String(deal.userId),
        agent: deal.agent,
        commission: deal.commission,
        campaign: deal.campaign,
        multi_deals: deal.multiDeals,
      })),
      count: deals.reduce((sum, deal) => sum + deal.multiDeals, 0),
      commission: deals.reduce((sum, deal) => sum + toOre(deal.commission), 0) / 100,
      since: kind === 'summary' ? (how.since?.toISOString() ?? null) : null,
      silent: how.silent,
      honours: [...how.honours],
    },
  };
}

function toOre(commission: number | null): number {
  return Math.round((commission ?? 0) * 100);
}
