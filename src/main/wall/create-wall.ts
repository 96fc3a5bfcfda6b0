import type { SyncState } from '../../shared/contract/sync.ts';
import type { ConsoleSettings } from '../../shared/contract/system.ts';
import type { BoardView, FairFacts } from '../../shared/contract/boards.ts';
import type {
  Celebration,
  WallBoard,
  WallEvent,
  WallPeriodView,
  WallSettings,
  WallState,
  WallWaiting,
} from '../../shared/contract/wall.ts';
import type { WallPeriod } from '../../shared/contract/wall-plan.ts';
import { isWithin, timeOf } from '../../shared/time-of-day.ts';
import { slidesFor, volumeAt } from '../../shared/wall-schedule.ts';
import type { Clock } from '../clock.ts';
import { iterateEvents } from '../iterate-events.ts';
import type { Log } from '../log.ts';
import type { Operations, OperationsEvent } from '../operations.ts';

import { createAnnouncer } from './announce-deals.ts';
import { createFairMemory } from './fair-memory.ts';
import type { PlingLedger } from './pling-ledger.ts';
import type { Told, WallDeal } from './plan-plings.ts';

export interface WallParts {
  clock: Clock;
  log: Log;
  settings: { get(): ConsoleSettings; onChange(listener: () => void): () => void };
  /** Resolves when operations run; rejects while they cannot. */
  operations(): Promise<Operations>;
  /** The running operations; null while there are none. */
  running(): Operations | null;
  onStarted(listener: () => void): () => void;
  /** Tells of each start that failed. */
  onFailed(listener: () => void): () => void;
  /** What is shown while nothing runs; null: nothing is known either. */
  kept(): KeptWall | null;
  /** How the upstream stands, as the console shows it. */
  syncState(operations: Operations): Promise<SyncState>;
  openLedger(): PlingLedger;
  /** A period's boards, also from what is kept; rejects when there is nothing. */
  period(period: WallPeriod): Promise<BoardView>;
  /** What a period's board is marked by; rejects when that cannot be told now. */
  fair(period: WallPeriod): Promise<FairFacts>;
  /** How many of the last places are not named, also while nothing runs. */
  hideLast(): number;
  waiting(): Promise<WallWaiting>;
  /** Sounds and pictures of agents, as pages may load them. */
  media(): WallSettings['media'];
}

/** The last known board and how far to believe it, from before this start. */
export interface KeptWall {
  board: Omit<WallBoard, 'fair'>;
  workspace: WallState['workspace'];
  readAt: string | null;
  upstream: WallState['upstream'];
  deltaSeconds: number;
  awaySince: string | null;
}

/** Everything behind the wall window: standings from memory, how far to believe them, and each new deal once. */
export interface Wall {
  board(): Promise<WallBoard>;
  state(): Promise<WallState>;
  settings(): WallSettings;
  /** The last known ones, whose `counted_at` tells their age, where they cannot be counted now. */
  period(period: WallPeriod): Promise<WallPeriodView>;
  waiting(): Promise<WallWaiting>;
  /** The wall's stream. New deals are told, and written down as told, only while one is open. */
  changes(signal: AbortSignal | undefined): AsyncGenerator<WallEvent>;
  /** False when no wall is open to hear it. */
  testSound(): boolean;
  /** Celebrates what nobody sold, written down nowhere; false when no wall is open to show it. */
  rehearse(): boolean;
  /** The sounds and pictures of agents are others now. */
  mediaChanged(): void;
  close(): void;
}

export function createWall(parts: WallParts): Wall {
  const { clock, settings } = parts;
  const listeners = new Set<(event: WallEvent) => void>();
  let running: Operations | null = null;
  let unfollow: () => void = () => {};
  let celebrations = 0;
  let known: Pick<WallState, 'read_at' | 'upstream'> = { read_at: null, upstream: 'unknown' };

  const tell = (event: WallEvent) => {
    for (const listener of listeners) listener(event);
  };
  const announcer = createAnnouncer({
    clock,
    log: parts.log,
    openLedger: parts.openLedger,
    today: () => wallDeals(running),
    wall: () => wallName(running, settings.get()),
    silent: () => isSilent(settings.get(), clock.now(), running),
    day: () => running?.today.today().day ?? '',
    rules: () => ({ cheers: settings.get().wallCheers, target: settings.get().wallTarget }),
    celebrate: (celebration) => celebrate(celebration, false),
  });
  const fair = createFairMemory({
    clock,
    read: parts.fair,
    hideLast: parts.hideLast,
    onRead: () => tell({ type: 'board' }),
  });
  const lastKnown = { periods: new Map<WallPeriod, BoardView>(), waiting: null as WallWaiting | null };
  const unlisten = settings.onChange(() => tell({ type: 'settings' }));
  const unstart = parts.onStarted(() => void follow());
  const unfail = parts.onFailed(() => tell({ type: 'state' }));
  void follow();

  function celebrate(told: Told, rehearsal: boolean): void {
    celebrations += 1;
    const volume = volumeNow(settings.get(), clock.now(), running);
    const celebration: Celebration = { ...told, number: celebrations, volume, rehearsal };
    tell({ type: 'celebrate', celebration });
  }

  /** Follows the operations of this start, which begin again after a failed one. */
  async function follow(): Promise<void> {
    const found = await parts.operations().catch(() => null);
    if (found === null || found === running) return;
    unfollow();
    running = found;
    unfollow = found.subscribe(take);
    tell({ type: 'all' });
    if (listeners.size > 0) announcer.attend();
  }

  function take(event: OperationsEvent): void {
    switch (event.type) {
      case 'change':
        announcer.take(event.change);
        if (movesFair.has(event.change.kind)) fair.forget();
        for (const type of eventsOf(event.change.kind)) tell({ type });
        return;
      case 'status':
        return tell({ type: 'state' });
      case 'spool':
        announcer.spooled(event);
        return tell({ type: 'all' });
      case 'reload':
        announcer.catchUp();
        fair.forget();
        return tell({ type: 'all' });
      case 'day':
        announcer.newDay();
        fair.forget();
        return tell({ type: 'board' });
      case 'progress':
        return;
    }
  }

  function listen(push: (event: WallEvent) => void): () => void {
    listeners.add(push);
    if (running) announcer.attend();
    return () => {
      listeners.delete(push);
      if (listeners.size === 0) announcer.leave();
    };
  }

  return {
    async board() {
      const kept = parts.running() ? null : parts.kept();
      if (kept) return { ...kept.board, fair: fair.of('today') };
      const now = (await parts.operations()).today.today();
      const { day, timeZone: time_zone, seq, deals, commission, sms, board, unsaved } = now;
      return {
        ...{ day, time_zone, seq, totals: { deals, commission, sms }, unsaved, board },
        fair: fair.of('today'),
      };
    },
    async state() {
      const kept = parts.running() ? null : parts.kept();
      if (kept) return keptState(kept, clock.now());
      const operations = await parts.operations();
      // The last answer stands while the database is away; its age tells the rest.
      if (operations.awaySince() === null) known = await readUpstream(parts, operations, known);
      const leader = operations.leader.state();
      return {
        now: clock.now().toISOString(),
        workspace: operations.workspace.kind,
        ...withReading(known, operations),
        delta_seconds: operations.plan().deltaSeconds,
        database_away_since: operations.awaySince()?.toISOString() ?? null,
        reading_on: Boolean(operations.reading?.state()?.lastReadAt),
        led: leader.kind === 'leader' || leader.leader !== null,
      };
    },
    settings() {
      const now = settings.get();
      const { language, wallMuted: muted, wallCalm: calm, wallTarget: target } = now;
      const volume = volumeNow(now, clock.now(), running);
      const slides = [...slidesFor(now.wallPlans, now.wallDisplay)];
      return { language, volume, muted, calm, slides, target, media: parts.media() };
    },
    async period(period) {
      try {
        const board = await parts.period(period);
        lastKnown.periods.set(period, board);
        return { ...board, fair: fair.of(period) };
      } catch (error) {
        const known = lastKnown.periods.get(period);
        if (known === undefined) throw error;
        return { ...known, fair: fair.of(period) };
      }
    },
    async waiting() {
      try {
        return (lastKnown.waiting = await parts.waiting());
      } catch (error) {
        if (lastKnown.waiting === null) throw error;
        return lastKnown.waiting;
      }
    },
    async *changes(signal) {
      const events = iterateEvents<WallEvent>(signal, listen);
      yield { type: 'all' };
      yield* events;
    },
    testSound() {
      tell({ type: 'test-sound' });
      return listeners.size > 0;
    },
    rehearse() {
      const agent = running?.today.today().board[0];
      celebrate(rehearsalOf(agent, isSilent(settings.get(), clock.now(), running)), true);
      return listeners.size > 0;
    },
    mediaChanged: () => tell({ type: 'settings' }),
    close() {
      unstart();
      unfail();
      unlisten();
      unfollow();
      announcer.close();
    },
  };
}

/** While nothing runs nobody knows whether somebody leads; since when the database is away says enough. */
function keptState(kept: KeptWall, now: Date): WallState {
  const { workspace, readAt, upstream, deltaSeconds, awaySince } = kept;
  return {
    now: now.toISOString(),
    workspace,
    read_at: readAt,
    upstream,
    delta_seconds: deltaSeconds,
    database_away_since: awaySince,
    reading_on: false,
    led: true,
  };
}

/** What is read while the database is away makes the board younger than its last pass. */
function withReading(
  known: Pick<WallState, 'read_at' | 'upstream'>,
  { reading }: Operations,
): Pick<WallState, 'read_at' | 'upstream'> {
  const at = reading?.state()?.lastReadAt ?? null;
  return at === null ? known : { ...known, read_at: at.toISOString() };
}

async function readUpstream(
  parts: WallParts,
  operations: Operations,
  before: Pick<WallState, 'read_at' | 'upstream'>,
): Promise<Pick<WallState, 'read_at' | 'upstream'>> {
  try {
    const { upstream, sources } = await parts.syncState(operations);
    const deals = sources.find(({ source }) => source === 'deals');
    return { read_at: deals?.last_complete_at ?? null, upstream: upstream.state };
  } catch (error) {
    parts.log.debug('The state of the upstream could not be read', { error: String(error) });
    return before;
  }
}

/** After these, what boards are marked by may be another. */
const movesFair: ReadonlySet<string> = new Set(['settings', 'restored', 'unknown']);

type Refetch = 'board' | 'state';
const both: readonly Refetch[] = ['board', 'state'];

/** What a change of each kind makes worth fetching again. */
function eventsOf(kind: Extract<OperationsEvent, { type: 'change' }>['change']['kind']): readonly Refetch[] {
  if (kind === 'deals' || kind === 'sms' || kind === 'agents' || kind === 'duplicates') return ['board'];
  if (kind === 'run') return ['state'];
  return kind === 'settings' || kind === 'unknown' ? both : [];
}

function wallDeals(operations: Operations | null): ReadonlyMap<number, WallDeal> {
  const deals = new Map<number, WallDeal>();
  if (operations === null) return deals;
  const { today } = operations;
  for (const [id, deal] of today.deals()) {
    const { leadId, userId, orderDate, campaign, multiDeals } = deal;
    const commission = deal.commission === null ? null : Number(deal.commission);
    const agent = today.agentName(userId);
    deals.set(id, { id, leadId, userId, orderDate, agent, campaign, commission, multiDeals });
  }
  return deals;
}

/** A wall is a display, chosen by name, on one database: practice deals and real ones are never mixed up. */
function wallName(operations: Operations | null, { wallDisplay: display }: ConsoleSettings): string {
  const place = display === null ? 'main display' : `${display.label} ${display.x},${display.y}`;
  return `${operations?.workspace.kind} ${operations?.workspace.databaseLabel} ${place}`;
}

/** A deal like any other, of the first of the board, so that their own sound and picture are tried too. */
function rehearsalOf(agent: { user_id: string; name: string } | undefined, silent: boolean): Told {
  const deal = { user_id: agent?.user_id ?? '0', agent: agent?.name ?? 'Opsdeck', commission: 4_500 };
  return {
    kind: 'pling',
    deals: [{ ...deal, campaign: null, multi_deals: 1 }],
    count: 1,
    commission: deal.commission,
    since: null,
    silent,
    honours: [],
  };
}

function isSilent(settings: ConsoleSettings, now: Date, operations: Operations | null): boolean {
  if (settings.wallMuted || volumeNow(settings, now, operations) === 0) return true;
  return settings.wallQuiet !== null && isWithin(officeTime(now, operations), settings.wallQuiet);
}

function volumeNow(settings: ConsoleSettings, now: Date, operations: Operations | null): number {
  return volumeAt(settings.wallVolumeSteps, settings.wallVolume, officeTime(now, operations));
}

function officeTime(now: Date, operations: Operations | null): string {
  return timeOf(now.getTime(), operations?.settings().timeZone ?? 'UTC');
}
