import type { Database } from '../../storage/postgres.ts';
import type { BudgetState } from '../../upstream/call-budget.ts';
import type { BudgetLeft } from '../../upstream/local-budget.ts';
import { createKnownLeads, type KnownLeads } from './known-leads.ts';
import { campaignNames, readDeltaPlace } from './reading-store.ts';

/** What a console has to know to read on without the database. */
export interface ReadingPlace {
  /** Newest upstream stamp of a complete pass; null before the first. */
  cursor: Date | null;
  /** Upstream stamps held of the leads that will be read again. */
  stamps: ReadonlyMap<string, Date>;
  campaigns: ReadonlyMap<string, string>;
  leads: Pick<KnownLeads, 'has'>;
  /** What is left of the vendor's calls, without those that this process made since it was read. */
  left: BudgetLeft;
}

export interface ReadingMemoryParts {
  database: Database;
  /** Null without an upstream. */
  budget(): Promise<BudgetState> | null;
  /** Calls that this process has made since it started. */
  callsMade(): number;
  onError(error: unknown): void;
}

/** Keeps what reading on takes, as of the last time the database was asked. */
export interface ReadingMemory {
  /** Asks the database; several calls at once are one, or one more. */
  refresh(): Promise<void>;
  /** What was known is of another time: a restored database. */
  forget(): void;
  /** Null where too little is known to read on. */
  place(): ReadingPlace | null;
}

export function createReadingMemory(parts: ReadingMemoryParts): ReadingMemory {
  const { database } = parts;
  let leads = createKnownLeads();
  let known: (Omit<ReadingPlace, 'leads' | 'left'> & { budget: BudgetState; made: number }) | null = null;
  let running: Promise<void> | null = null;
  let again = false;

  async function read(): Promise<void> {
    const of = leads;
    const made = parts.callsMade();
    const [place, campaigns, budget] = await Promise.all([
      readDeltaPlace(database),
      campaignNames(database),
      parts.budget(),
      of.follow(database),
    ]);
    if (of === leads) known = budget && { ...place, campaigns, budget, made };
  }

  async function run(): Promise<void> {
    do {
      again = false;
      // What was known stands while the database is away: that is what it is for.
      await read().catch(parts.onError);
    } while (again);
    running = null;
  }

  return {
    refresh() {
      if (running) again = true;
      return (running ??= run());
    },
    forget() {
      leads = createKnownLeads();
      known = null;
    },
    place() {
      if (!known) return null;
      const { budget, made, ...place } = known;
      const since = parts.callsMade() - made;
      return {
        ...place,
        leads,
        left: {
          ...budget,
          leftHour: Math.max(budget.leftHour - since, 0),
          leftMinute: Math.max(budget.leftMinute - since, 0),
        },
      };
    },
  };
}
