import type { PassPlan } from './deals/plan-passes.ts';
import { adversusAccount } from './deals/adversus-client.ts';
import type { ReadingNow } from './deals/spool/answer-reading.ts';
import { drainSpool } from './deals/spool/drain-spool.ts';
import { startDrainer } from './deals/spool/drainer.ts';
import { layOver } from './deals/spool/lay-over.ts';
import { startReader } from './deals/spool/read-on.ts';
import { createReadingMemory } from './deals/spool/reading-memory.ts';
import { createSpool } from './deals/spool/spool.ts';
import type { SpooledFact } from './deals/spool/spooled-fact.ts';
import type { DealsOver, TodayCache } from './deals/today-cache.ts';
import type { Log } from './log.ts';
import type { SharedDurableFile } from './storage/durable-file.ts';
import { currentSeq } from './system/change-log.ts';
import { raiseHealthEvent } from './system/health-events.ts';
import { noteCalls } from './upstream/call-budget-store.ts';
import type { OfficeSettings } from '../shared/contract/settings.ts';
import type { Workspace } from './workspace.ts';

/** What moved of the deals that are not in the database yet, by id. */
export interface SpoolMoved {
  /** Deals that nobody was told of yet. */
  fresh: number[];
  /** Deals that are others than before. */
  changed: number[];
}

export interface ReadOnParts {
  workspace: Workspace;
  durable: SharedDurableFile;
  log: Log;
  random(): number;
  settings(): OfficeSettings;
  plan(): PassPlan;
  /** Wall time at which the schedule would start a delta pass over the deals. */
  dueAt(): number;
  today(): TodayCache;
  isAway(): boolean;
  /** True where this process led when the database was last heard of. */
  led(): boolean;
  onMoved(moved: SpoolMoved): void;
  /** What was to be saved before passes begin was tried. */
  onDrained(): void;
}

/** Reading deals on while the database is away, and saving them once it is back. */
export interface ReadOn extends ReadingNow {
  /** What lies over today's rows. */
  over: DealsOver;
  facts(): readonly SpooledFact[];
  /** False while what was read must be saved before passes begin. */
  mayPass(): boolean;
  /** To be called when the database or the lead came or went. */
  wake(): void;
  /** To be called after changes were followed that may have moved what reading on needs. */
  remember(): void;
  forget(): void;
  /** To be called after today's rows moved. */
  followed(): void;
  close(): Promise<void>;
}

export function startReadOn(parts: ReadOnParts): ReadOn {
  const { workspace, log } = parts;
  const { database, passes } = workspace;
  const { clock } = passes;
  const spool = createSpool(parts.durable, workspace.databaseId, clock);
  /** Saved, while today's rows may not hold them yet: known by the change number that they must reach. */
  let saved: { facts: readonly SpooledFact[]; seq: number | null }[] = [];
  let shown = new Map<number, string>();
  const warned = { unreadable: false };

  const memory = createReadingMemory({
    database,
    budget: () => workspace.budget(parts.settings())?.state() ?? null,
    callsMade: () => passes.callsMade?.() ?? 0,
    onError: (error) => log.debug('What reading on needs could not be read', { error: String(error) }),
  });

  function facts(): readonly SpooledFact[] {
    try {
      const waiting = spool.facts();
      warned.unreadable = false;
      return saved.length === 0 ? waiting : [...saved.flatMap((one) => one.facts), ...waiting];
    } catch (error) {
      if (!warned.unreadable) log.error('The spool cannot be read', { error });
      warned.unreadable = true;
      return saved.flatMap((one) => one.facts);
    }
  }

  const over: DealsOver = (deals, range) => {
    const { timeZone, commissionChangeIsDuplicate } = parts.settings();
    return layOver(facts(), deals, { range, timeZone, commissionChangeIsDuplicate });
  };

  /** Lays anew what waits over today's rows, and tells what that moved. */
  function layAnew(): void {
    const today = parts.today();
    today.layOver();
    const before = shown;
    shown = new Map();
    for (const deal of today.deals().values()) if (deal.unsaved) shown.set(deal.id, JSON.stringify(deal));
    const ids = [...shown.keys()];
    parts.onMoved({
      fresh: ids.filter((id) => id < 0 && !before.has(id)),
      changed: ids.filter((id) => (id > 0 || before.has(id)) && before.get(id) !== shown.get(id)),
    });
  }

  const mayRead = () => parts.isAway() && parts.led() && workspace.missing(parts.settings()).length === 0;
  const reader = startReader({
    clock,
    log,
    spool,
    mayRead,
    dueAt: () => parts.dueAt(),
    deltaSeconds: () => parts.plan().deltaSeconds,
    settings: () => parts.settings(),
    place: () => memory.place(),
    connect: (settings, budget) => passes.connect(settings, budget),
    onRead: layAnew,
  });

  const tell = (sentence: string) => {
    log.warn(sentence);
    raiseHealthEvent(database, 'WARNING', sentence).catch((error: unknown) =>
      log.warn('A warning could not be stored', { sentence, error: String(error) }),
    );
  };

  /** The shared count learns of the calls that were made without it, and of what the vendor said to them. */
  async function noteMade(): Promise<void> {
    const budget = reader.budget();
    const { blockedUntil, blockedReason } = budget?.now() ?? {};
    if (blockedUntil)
      await workspace.budget(parts.settings())?.block(blockedUntil.getTime(), blockedReason ?? '429');
    const user = parts.settings().adversusUser;
    const agesMs = budget?.takeMade() ?? [];
    if (agesMs.length === 0 || !user) return;
    const { processId } = workspace;
    await noteCalls(database, { account: adversusAccount(user), purpose: 'delta', processId, agesMs });
  }

  const drainer = startDrainer({
    clock,
    log,
    random: () => parts.random(),
    isThere: () => !parts.isAway(),
    waits: () => spool.count() > 0,
    async drain(signal) {
      const onSaved = (part: readonly SpooledFact[]) => void saved.push({ facts: part, seq: null });
      return drainSpool({ deps: passes, spool, tell, onSaved }, signal);
    },
    onRound() {
      if (!parts.isAway()) parts.onDrained();
      void numberSaved().catch((error: unknown) => log.debug('Not yet known what was saved', { error }));
    },
  });

  /** Until which change today's rows have to be followed before what was saved need not lie over them any more. */
  async function numberSaved(): Promise<void> {
    if (!parts.isAway() && saved.some((one) => one.seq === null)) {
      const seq = await currentSeq(database);
      saved = saved.map((one) => ({ ...one, seq: one.seq ?? seq }));
    }
    followed();
  }

  /** Lets go of what today's rows hold by now. */
  function followed(): void {
    if (saved.length === 0 && shown.size === 0) return;
    const { seq } = parts.today().today();
    saved = saved.filter((one) => one.seq === null || one.seq > seq);
    layAnew();
  }

  function wake(): void {
    reader.wake();
    drainer.wake();
    if (!parts.isAway()) noteMade().catch((error: unknown) => log.debug(String(error)));
  }

  return {
    over,
    facts,
    waiting: () => spool.count(),
    state: () => reader.state(),
    budget: () => (reader.state() ? (reader.budget()?.now() ?? null) : null),
    mayPass: () => !drainer.isFirst(),
    wake,
    remember: () => void memory.refresh(),
    forget: () => memory.forget(),
    followed,
    async close() {
      await Promise.all([reader.close(), drainer.close()]);
    },
  };
}
