import { dayOf, todayRange, type Range } from '../../shared/business-day.ts';
import type { Change } from '../../shared/contract/changes.ts';
import type { BoardRow, DealView } from '../../shared/contract/deals.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../storage/postgres.ts';
import { agentName, makeBoard, toCents, type AgentName } from './leaderboard.ts';
import type { TodayRows } from './today-rows.ts';
import { agentNames, dealsById, dealsOf, deliveredOf, type TodayDeal } from './today-store.ts';

/** Deals shown in the live feed at most. */
const feedLength = 200;

/** Today as of one change number. */
export interface Today {
  day: string;
  timeZone: string;
  seq: number;
  deals: number;
  commission: number;
  /** Deals of the feed and the board that are not in the database yet. */
  unsaved: number;
  /** Distinct receivers over the whole office. */
  sms: number;
  board: BoardRow[];
  feed: DealView[];
}

/** Deals that stand for, or beside, those of the database while they are not in it, by id. */
export type DealsOver = (deals: Iterable<TodayDeal>, range: Range) => ReadonlyMap<number, TodayDeal>;

/**
 * Today's rows in memory, and nothing older. Filled from Postgres, kept in step by the change stream; answers
 * without a query. A change it cannot follow one by one makes it load again.
 */
export class TodayCache {
  readonly #database: Database | null;
  readonly #clock: Clock;
  readonly #timeZone: () => string;
  #deals = new Map<number, TodayDeal>();
  #messages: { userId: number; receiver: string }[] = [];
  #agents: ReadonlyMap<number, AgentName> = new Map();
  #range: Range | null = null;
  #seq = 0;
  #answer: Today | null = null;
  /** One at a time: what is loaded must not overwrite what was followed meanwhile. */
  #work: Promise<unknown> = Promise.resolve();
  /** True when changes could not be followed: only loading anew brings them in. */
  #behind = false;
  readonly #over: DealsOver | null;
  /** The rows with what lies over them; null: to be put together again. */
  #shown: ReadonlyMap<number, TodayDeal> | null = null;

  constructor(deps: { database: Database | null; clock: Clock; timeZone(): string; over?: DealsOver }) {
    this.#database = deps.database;
    this.#clock = deps.clock;
    this.#timeZone = deps.timeZone;
    this.#over = deps.over ?? null;
  }

  /** A cache of rows that were kept while the database is away: it answers, and cannot be loaded. */
  static kept(rows: TodayRows, deps: { clock: Clock; timeZone(): string; over?: DealsOver }): TodayCache {
    const cache = new TodayCache({ database: null, ...deps });
    cache.#deals = new Map(rows.deals);
    cache.#messages = [...rows.messages];
    cache.#agents = rows.agents;
    cache.#range = rows.range;
    cache.#seq = rows.seq;
    return cache;
  }

  /** All that is in memory, to be kept elsewhere; null before the first load. Lists are new ones when they changed. */
  rows(): TodayRows | null {
    if (!this.#range) return null;
    return {
      range: this.#range,
      seq: this.#seq,
      deals: this.#deals,
      messages: this.#messages,
      agents: this.#agents,
    };
  }

  /** The database, which a kept cache has none of. */
  get #db(): Database {
    if (!this.#database) throw new Error('kept rows cannot be loaded anew');
    return this.#database;
  }

  /**
   * Loads everything anew. `seq` is a change number read before, up to which changes are in what is loaded; without
   * one, the last followed. Rejects when the database is away, and is then behind.
   */
  load(seq?: number): Promise<void> {
    return this.#inTurn(() => this.#load(seq ?? this.#seq));
  }

  /** Runs after all that was begun before. What fails leaves the cache as it was, and behind. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#work.then(work).catch((error: unknown) => {
      this.#behind = true;
      throw error;
    });
    this.#work = turn.catch(() => {});
    return turn;
  }

  async #load(seq: number): Promise<void> {
    const range = todayRange(this.#clock.now(), this.#timeZone());
    const [deals, messages, agents] = await Promise.all([
      dealsOf(this.#db, range),
      deliveredOf(this.#db, range),
      agentNames(this.#db),
    ]);
    this.#deals = new Map(deals.map((deal) => [deal.id, deal]));
    this.#messages = messages;
    this.#agents = agents;
    this.#range = range;
    this.#seq = seq;
    this.#moved();
    this.#behind = false;
  }

  /**
   * Begins the office's new day without the database: with what is known of it, which is what was ordered ahead. To be
   * loaded once the database is back.
   */
  beginDay(): void {
    const range = todayRange(this.#clock.now(), this.#timeZone());
    this.#deals = new Map([...this.#deals].filter(([, deal]) => deal.orderDate >= range.start));
    this.#messages = [];
    this.#range = range;
    this.#behind = true;
    this.#moved();
  }

  #moved(): void {
    this.#answer = null;
    this.#shown = null;
  }

  /** To be called when what lies over the rows is another than before. */
  layOver(): void {
    this.#moved();
  }

  /**
   * Brings the cache up to these changes, in order. Answers whether anything of today moved. Rejects when the
   * database is away, and is then behind until loaded anew.
   */
  follow(changes: readonly Change[]): Promise<boolean> {
    return this.#inTurn(() => this.#follow(changes));
  }

  async #follow(changes: readonly Change[]): Promise<boolean> {
    const last = changes.at(-1);
    if (!last || !this.#range) return false;
    const ids: number[] = [];
    const removed: number[] = [];
    let reload = this.#behind;
    let messages = false;
    for (const change of changes) {
      if (change.kind === 'deals') {
        if (change.data.ids && change.data.removedIds) {
          ids.push(...change.data.ids);
          removed.push(...change.data.removedIds);
        } else if (change.data.inserted + change.data.updated + change.data.removed > 0) reload = true;
      } else if (change.kind === 'sms') messages = true;
      // Names stand on the deals too: those of campaigns.
      else if (change.kind === 'agents') reload = true;
      else if (['settings', 'restored', 'unknown'].includes(change.kind)) reload = true;
    }
    if (reload) await this.#load(last.seq);
    else await this.#apply(ids, removed, { messages });
    this.#seq = last.seq;
    const moved = reload || messages || ids.length + removed.length > 0;
    if (moved) this.#moved();
    else if (this.#answer) this.#answer = { ...this.#answer, seq: last.seq };
    return moved;
  }

  async #apply(ids: number[], removed: number[], also: { messages: boolean }): Promise<void> {
    const range = this.#range!;
    if (ids.length > 0) {
      const fresh = await dealsById(this.#db, ids, range);
      for (const id of ids) this.#deals.delete(id);
      for (const deal of fresh) this.#deals.set(deal.id, deal);
    }
    for (const id of removed) this.#deals.delete(id);
    if (also.messages) this.#messages = await deliveredOf(this.#db, range);
  }

  /** True when what is in memory lacks changes that could not be read. */
  isBehind(): boolean {
    return this.#behind;
  }

  /** True when the office's day is no longer the one loaded. */
  isYesterday(): boolean {
    const now = this.#clock.now();
    return this.#range !== null && (now < this.#range.start || now >= this.#range.end);
  }

  /** Today's deals that count, by id, from memory alone. Moves with each change. */
  deals(): ReadonlyMap<number, TodayDeal> {
    return (this.#shown ??= this.#withOver());
  }

  #withOver(): ReadonlyMap<number, TodayDeal> {
    if (!this.#over || !this.#range) return this.#deals;
    const over = this.#over(this.#deals.values(), this.#range);
    return over.size === 0 ? this.#deals : new Map([...this.#deals, ...over]);
  }

  /** The name that lists show for an agent. */
  agentName(userId: number): string {
    return agentName(userId, this.#agents.get(userId));
  }

  /** Today, from memory alone. Counted once for each change. */
  today(): Today {
    return (this.#answer ??= this.#count());
  }

  /** The day's range, and what one agent has of it: for counting what a decision would change. */
  standing(): {
    range: Range;
    dealsOf(userId: number): number;
    agent(userId: number): AgentName | undefined;
  } {
    const deals = this.deals();
    const agents = this.#agents;
    return {
      range: this.#range ?? todayRange(this.#clock.now(), this.#timeZone()),
      dealsOf(userId) {
        let count = 0;
        for (const deal of deals.values()) if (deal.userId === userId) count += 1;
        return count;
      },
      agent: (userId) => agents.get(userId),
    };
  }

  #count(): Today {
    const timeZone = this.#timeZone();
    const day = dayOf(this.#range?.start ?? this.#clock.now(), timeZone);
    const deals = [...this.deals().values()];
    const counted = deals.map((deal) => ({
      userId: deal.userId,
      commissionCents: toCents(deal.commission),
      multiDeals: deal.multiDeals,
    }));
    const board = makeBoard(
      counted,
      this.#messages.map((message) => ({ ...message, day })),
      this.#agents,
    );
    return {
      day,
      timeZone,
      seq: this.#seq,
      deals: deals.reduce((sum, deal) => sum + deal.multiDeals, 0),
      commission: counted.reduce((sum, deal) => sum + deal.commissionCents, 0) / 100,
      unsaved: deals.filter((deal) => deal.unsaved).length,
      sms: new Set(this.#messages.map((message) => message.receiver)).size,
      board,
      feed: newestFirst(deals).map((deal) => this.#view(deal)),
    };
  }

  #view(deal: TodayDeal): DealView {
    return {
      id: deal.id,
      lead_id: deal.leadId,
      user_id: String(deal.userId),
      agent: agentName(deal.userId, this.#agents.get(deal.userId)),
      group: this.#agents.get(deal.userId)?.group ?? null,
      campaign: deal.campaign,
      commission: deal.commission === null ? null : toCents(deal.commission) / 100,
      multi_deals: deal.multiDeals,
      order_date: deal.orderDate.toISOString(),
      order_date_source: deal.orderDateSource,
      notes: deal.notes,
      created_at: deal.createdAt.toISOString(),
      synced_at: deal.syncedAt.toISOString(),
      ...(deal.unsaved ? { unsaved: true as const } : {}),
    };
  }
}

function newestFirst(deals: TodayDeal[]): TodayDeal[] {
  return deals
    .sort((a, b) => b.orderDate.getTime() - a.orderDate.getTime() || b.id - a.id)
    .slice(0, feedLength);
}
