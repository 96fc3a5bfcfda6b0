import type { Change } from '../../shared/contract/changes.ts';
import type { Honour } from '../../shared/contract/wall.ts';
import type { WallCheers, WallTarget } from '../../shared/contract/wall-plan.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { decideHonours, onceADay } from './decide-honours.ts';
import { createLateness } from './lateness.ts';
import { planPlings, type Told, type WallDeal } from './plan-plings.ts';
import { createMemoryLedger, type PlingKey, type PlingLedger } from './pling-ledger.ts';

/** Deals that come within this time of each other are celebrated together, in ms. */
const gatherMs = 1_500;
/** From one celebration to the next, in ms: longer than one is shown, so that none waits behind another. */
const pauseMs = 4_000;
/** A new deal that today's rows do not hold yet (another console's day began first) is waited for this long, in ms. */
const patienceMs = 30_000;
const attendMs = 60_000;
/** The ledger keeps deals ordered within this time, in ms. */
const keepMs = 14 * 86_400_000;

export interface AnnouncerParts {
  clock: Clock;
  log: Log;
  /** Opens the durable ledger, anew after a failure. May throw; then the program's memory stands in. */
  openLedger(): PlingLedger;
  /** Today's deals that count, by their row's id. */
  today(): ReadonlyMap<number, WallDeal>;
  /** Name of the wall in the ledger. */
  wall(): string;
  /** True while deals are celebrated without a sound. */
  silent(): boolean;
  /** The office's day, and which deals it honours. */
  day(): string;
  rules(): { cheers: WallCheers; target: WallTarget | null };
  /** Called after the deals were written down; at most one celebration in `pauseMs`. */
  celebrate(celebration: Told): void;
}

/** Decides, writes down and tells each new deal once, for as long as somebody listens. */
export interface Announcer {
  /** Somebody listens from now on: what came since the last time is told as one number, if at all. */
  attend(): void;
  /** Nobody listens any more: what comes now is told when somebody does again. */
  leave(): void;
  take(change: Change): void;
  /** Deals, by id, that were read and are not in the database yet: new ones, and those that became others. */
  spooled(moved: { fresh: readonly number[]; changed: readonly number[] }): void;
  /** Changes were missed: whatever of today is not in the ledger is told. */
  catchUp(): void;
  /** A new day: what is on it already was ordered ahead, and is nothing new. */
  newDay(): void;
  close(): void;
}

interface Waiting {
  /** Monotonic time at which it came, in ms. */
  came: number;
  late: boolean;
}

export function createAnnouncer(parts: AnnouncerParts): Announcer {
  const { clock, log } = parts;
  const isLate = createLateness();
  let ledger: PlingLedger | null = null;
  /** The wall's name in the ledger while somebody listens. */
  let wall: string | null = null;
  let since: Date | null = null;
  /** New deals that wait to be told, by id. */
  const waiting = new Map<number, Waiting>();
  /** True when more than what waits may be new: all of today is compared with the ledger. */
  let everything = false;
  let timer: AbortController | null = null;
  let freeAt = 0;
  let attending: AbortController | null = null;

  /** Works on the ledger. Where that fails it is opened anew, with all of today told, and `work` is done once more. */
  function withLedger<T>(work: (ledger: PlingLedger) => T): T {
    try {
      return work((ledger ??= parts.openLedger()));
    } catch (error) {
      log.error('The pling ledger could not be used and is opened anew', { error });
    }
    try {
      return work(replaceLedger(parts.openLedger));
    } catch (error) {
      log.error('Which deals were plinged is kept in memory until the next start', { error });
      return work(replaceLedger(createMemoryLedger));
    }
  }

  function replaceLedger(open: () => PlingLedger): PlingLedger {
    try {
      ledger?.close();
    } catch {
      // What cannot be used cannot always be closed; it is let go either way.
    }
    ledger = null;
    ledger = open();
    if (wall !== null) seed(ledger, wall);
    return ledger;
  }

  /** All of today that does not wait to be told counts as told. */
  function seed(into: PlingLedger, name: string): void {
    const now = clock.now();
    const old = [...parts.today().values()].filter((deal) => !waiting.has(deal.id));
    into.record(name, old, 'seeded', now);
    into.attend(name, now);
  }

  /** The wall's name may change while it is open: on another display nothing of today is new. */
  function settle(): string {
    const name = parts.wall();
    if (wall === name) return name;
    withLedger((open) => {
      since = open.attendedAt(name);
      if (since === null) seed(open, name);
      else everything = true;
    });
    return (wall = name);
  }

  function flushLater(): void {
    if (timer || wall === null) return;
    const mine = (timer = new AbortController());
    const wait = Math.max(gatherMs, freeAt - clock.monotonic());
    clock.sleep(wait, mine.signal).then(
      () => {
        timer = null;
        flush();
      },
      () => {},
    );
  }

  function flush(): void {
    if (wall === null) return;
    const name = settle();
    const today = parts.today();
    const told = new Map([...today].filter(([id]) => waiting.has(id)));
    const now = clock.now();
    const plan = withLedger((open) => {
      const candidates = [...(everything ? today : told).values()];
      const fresh = candidates.filter((deal) => !open.knows(name, deal));
      const unheard = fresh.some((deal) => waiting.get(deal.id)?.late ?? true);
      const honours = honoursOf(open, name, fresh, unheard);
      const planned = planPlings(fresh, { unheard, silent: parts.silent(), since, honours });
      const marks = honours.filter((honour) => onceADay.includes(honour)).map(markOf);
      if (planned) open.record(name, [...fresh, ...marks], planned.state, now);
      open.attend(name, now);
      return planned;
    });
    everything = false;
    since = now;
    forgetTold(told);
    if (waiting.size > 0) flushLater();
    if (!plan) return;
    freeAt = clock.monotonic() + pauseMs;
    parts.celebrate(plan.celebration);
  }

  /** What a day has once is a line of the ledger too, under a name that no lead has. */
  function markOf(honour: Honour): PlingKey {
    return { id: 0, leadId: `${honour} of ${parts.day()}`, userId: 0, orderDate: clock.now() };
  }

  function honoursOf(
    open: PlingLedger,
    name: string,
    fresh: readonly WallDeal[],
    unheard: boolean,
  ): Honour[] {
    const told = (honour: Honour) => open.knows(name, markOf(honour));
    return decideHonours(fresh, { today: parts.today().values(), unheard, told }, parts.rules());
  }

  /** Those that today's rows do not hold wait on, for a while. */
  function forgetTold(told: ReadonlyMap<number, WallDeal>): void {
    const longest = clock.monotonic() - patienceMs;
    for (const [id, { came }] of waiting) if (told.has(id) || came < longest) waiting.delete(id);
  }

  /** What is changed but not new (a merge, a mended order date) must not look new later. */
  function noteQuietly(ids: Iterable<number>): void {
    const today = parts.today();
    const name = wall;
    const changed = [...ids].flatMap((id) => (waiting.has(id) ? [] : (today.get(id) ?? [])));
    if (changed.length === 0 || name === null) return;
    withLedger((open) => {
      const fresh = changed.filter((deal) => !open.knows(name, deal));
      if (fresh.length > 0) open.record(name, fresh, 'seeded', clock.now());
    });
  }

  /** One told of already, whose order date is another now, comes from the database as that other deal: no news. */
  function noteAnew(ids: readonly number[]): void {
    const today = parts.today();
    const name = wall;
    const changed = ids.flatMap((id) => (waiting.has(id) ? [] : (today.get(id) ?? [])));
    if (changed.length > 0 && name !== null)
      withLedger((open) => open.record(name, changed, 'seeded', clock.now()));
  }

  function prune(): void {
    withLedger((open) => open.prune(new Date(clock.now().getTime() - keepMs)));
  }

  /** Notes that somebody listens now, unless something is still to be told of the time before. */
  function noteAttendance(): void {
    const name = wall;
    if (name === null || everything || waiting.size > 0) return;
    since = clock.now();
    withLedger((open) => open.attend(name, clock.now()));
  }

  async function keepAttending(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await clock.sleep(attendMs, signal).catch(() => {});
      if (!signal.aborted) noteAttendance();
    }
  }

  function catchUp(): void {
    if (wall === null) return;
    everything = true;
    flushLater();
  }

  function leave(): void {
    noteAttendance();
    timer?.abort();
    attending?.abort();
    timer = attending = wall = null;
    waiting.clear();
    everything = false;
  }

  return {
    attend() {
      if (wall !== null) return;
      settle();
      prune();
      attending = new AbortController();
      void keepAttending(attending.signal);
      if (everything) flushLater();
    },
    leave,
    take(change) {
      const late = isLate(Date.parse(change.at), clock.wall());
      if (wall === null) return;
      if (change.kind === 'unknown') return catchUp();
      if (change.kind !== 'deals') return;
      for (const id of change.data.new) waiting.set(id, { came: clock.monotonic(), late });
      if (change.data.ids) noteQuietly(change.data.ids);
      else everything = true;
      if (everything || waiting.size > 0) flushLater();
    },
    spooled({ fresh, changed }) {
      if (wall === null) return;
      for (const id of fresh) waiting.set(id, { came: clock.monotonic(), late: false });
      noteAnew(changed);
      if (waiting.size > 0) flushLater();
    },
    catchUp,
    newDay() {
      if (wall === null) return;
      noteQuietly(parts.today().keys());
      prune();
    },
    close() {
      leave();
      ledger?.close();
      ledger = null;
    },
  };
}
