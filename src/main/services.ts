import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { AnyRouter } from '@orpc/server';
import { backOff } from './back-off.ts';
import { consoleDiagnostics, type ConsoleDiagnostics } from './console-diagnostics.ts';
import { createListRunner, type ListRunner } from './accounts/list-runner.ts';
import { findSentAccount, sendAccount } from './accounts/send-account.ts';
import { addAccount } from './add-account.ts';
import type { Config } from './config.ts';
import type { AppServices, DesktopParts } from './electron/run-console.ts';
import type { Clock } from './clock.ts';
import { OpsdeckError } from './errors.ts';
import type { Log } from './log.ts';
import type { Operations } from './operations.ts';
import { board, fair } from './deals/answer-boards.ts';
import { state as syncState } from './deals/answer-sync.ts';
import { countPendingDuplicates } from './deals/totals-store.ts';
import { liveOrKept } from './live-or-kept.ts';
import { createRouter, createWallRouter } from './router.ts';
import { decisionDeps } from './deals/answer-duplicates.ts';
import { databaseOf, epochOf } from './database-identity.ts';
import { placeOf } from './database-place.ts';
import { createSpool, type Spool } from './deals/spool/spool.ts';
import { answerFromMirror, keptWall, type KeptReading, type MirrorAnswers } from './answer-from-mirror.ts';
import { findSent, giveUpDecision, sendDecision } from './deals/send-decision.ts';
import { fillMirror } from './fill-mirror.ts';
import { keepHttp, type HttpKeeper } from './keep-http.ts';
import { knowDatabase, type KnownDatabase } from './know-database.ts';
import type { MirrorKeeper } from './mirror/keep-mirror.ts';
import { openMirror, type Mirror } from './mirror/mirror.ts';
import { createOutbox, type Outbox } from './outbox/outbox.ts';
import { salvageKept } from './outbox/outbox-store.ts';
import { startSender, type SendTo } from './outbox/send-outbox.ts';
import { shareDurableFile, type SharedDurableFile } from './storage/durable-file.ts';
import { change as changeSchedules } from './schedules-answers.ts';
import type { OwnTimes } from './performance-answers.ts';
import { watchEventLoop } from './system/meter.ts';
import { startAlerts, type ConsoleAlerts } from './start-alerts.ts';
import { salvageKeptEvents } from './system/kept-events-store.ts';
import { createWall, type Wall } from './wall/create-wall.ts';
import { openPlingLedger } from './wall/open-ledger.ts';

/**
 * Pause before a start that failed is tried again, in ms: doubled up to the longest, shortened by chance up to half. A
 * database that is back is to be worked on within ten seconds.
 */
const firstRetryMs = 1_000;
const longestRetryMs = 5_000;

/** What the router answers windows with: the running operations, or why there are none. */
export interface ConsoleServices {
  config: Config;
  desktop: DesktopParts;
  wall: Wall;
  outbox: Outbox;
  /** The timeline as this console writes to it, through an outage too. */
  health: ConsoleAlerts['health'];
  alerts: ConsoleAlerts['alerts'];
  /** The HTTP API for scripts. */
  http: HttpKeeper;
  mirror: Mirror;
  /** The list of accounts that runs here. */
  lists: ListRunner;
  /** The file for whoever is asked for help. */
  diagnostics: ConsoleDiagnostics;
  /** How fast this process is itself. */
  times: OwnTimes & { noteAnswer(): void };
  /** A page follows what changes, which it does once its first picture is drawn. */
  noteDrawn(): void;
  /** Answers from the mirror. */
  kept: MirrorAnswers;
  /** This process in words, as decisions are recorded: 'console 4711@host'. */
  holder: string;
  /** The running operations; null while they cannot start. */
  running(): Operations | null;
  /** The database that is worked on, or was last, with its life; null: none is known yet. */
  identity(): string | null;
  /** Cases of that database on which a decision waits to be sent. */
  waitingHere(): ReadonlySet<number>;
  /** Since when the start fails, and why it failed last; null while it was not tried yet or went well. */
  failedSince(): { at: Date; message: string } | null;
  /** Tells of each start that failed. */
  onFailed(listener: () => void): () => void;
  /** Says that a decision was kept. */
  sendKept(): void;
  /** Resolves when operations run; rejects with the latest reason while they cannot. */
  operations(): Promise<Operations>;
  /** Tells of the first start and of every one after a failure. */
  onStarted(listener: () => void): () => void;
}

/**
 * Starts everything behind the window and returns at once. A start that fails (the database is away, refuses us, or
 * is newer than this program) is told to the window and tried again by itself.
 */
export function startServices(options: { config: Config } & DesktopParts): AppServices {
  const { config, ...desktop } = options;
  const { log, clock } = desktop;
  const closing = new AbortController();
  const started = new Set<() => void>();
  const failed = new Set<() => void>();
  let failure: { at: Date; message: string } | null = null;
  let keeper: MirrorKeeper | null = null;
  let known: KnownDatabase | null = null;
  let current: Operations | null = null;
  let before: { id: string; spool: Spool } | null = null;
  const durable = openDurable(config, { clock, log, tell: (sentence) => tellPerson(sentence) });
  const mirror = openMirror(join(config.dataFolder, 'mirror.sqlite'), {
    place: placeOf(config),
    clock,
    log: log.child('mirror'),
    onLost: () => keeper?.touchAll(),
  });
  let noteDrawn = () => {};
  const drawn = new Promise<void>((resolve) => (noteDrawn = resolve));
  let attempt = start();

  async function start(): Promise<Operations> {
    // All that speaks with Postgres is loaded here: where there is something to show without it, that comes first.
    if (mirror.identity() !== null) await Promise.race([drawn, desktop.pictureIsLate]);
    closing.signal.throwIfAborted();
    const [{ openWorkspace }, { startOperations }] = await Promise.all([
      import('./workspace.ts'),
      import('./operations.ts'),
    ]);
    closing.signal.throwIfAborted();
    const workspace = await openWorkspace({ config, clock, log, kind: 'console', signal: closing.signal });
    try {
      const operations = await startOperations({
        workspace,
        log,
        backupFolder: config.backupFolder,
        durable,
        runTasks: config.runTasks,
      });
      log.info(`Working on ${workspace.databaseLabel}`);
      return operations;
    } catch (error) {
      await workspace.close();
      throw error;
    }
  }

  async function keepTrying(): Promise<void> {
    for (let failures = 1; !closing.signal.aborted; failures += 1) {
      try {
        current = await attempt;
        failure = null;
        for (const listener of started) listener();
        return;
      } catch (error) {
        if (closing.signal.aborted) return;
        const message = error instanceof Error ? error.message : String(error);
        failure = { at: failure?.at ?? clock.now(), message };
        notices.noteStart(failure.at);
        for (const listener of failed) listener();
        log.error('Not started yet', { error });
      }
      const pauseMs = backOff(failures, chance, { firstMs: firstRetryMs, longestMs: longestRetryMs });
      await clock.sleep(pauseMs, closing.signal).catch(() => {});
      if (!closing.signal.aborted) attempt = start();
    }
  }
  const trying = keepTrying();

  const onStarted = (listener: () => void) => {
    started.add(listener);
    return () => void started.delete(listener);
  };
  const onFailed = (listener: () => void) => {
    failed.add(listener);
    return () => void failed.delete(listener);
  };
  const running = () => attempt.catch(() => null);
  // What is found while the durable file is opened is told once there is something to tell it to.
  const tellPerson = (sentence: string) =>
    void Promise.resolve().then(() => notices.health.raise('WARNING', sentence));
  const notices = startAlerts({ desktop, durable, random: chance, running: () => current });
  const outbox = createOutbox(durable, clock);
  const sender = startSender({
    outbox,
    clock,
    log: log.child('outbox'),
    random: chance,
    target() {
      const identity = known?.identity() ?? null;
      return current && identity !== null && current.awaySince() === null ? sendTo(current, identity) : null;
    },
    tell: tellPerson,
  });
  const kept = answerFromMirror(mirror, clock);
  kept.useToday(() => current?.today ?? null);
  kept.useReading(() => current?.reading ?? spoolOfBefore());
  onStarted(() => {
    if (!current) return;
    const operations = current;
    notices.follow(operations);
    known = knowDatabase(operations, {
      ...{ mirror, outbox, log: log.child('outbox'), tell: tellPerson },
      onKnown: (isAnother) => {
        keeper ??= fillMirror(mirror, operations, { clock, log: log.child('mirror') });
        if (isAnother) keeper.touchAll();
        sender.wake();
      },
    });
    operations.subscribe((event) => event.type === 'status' && sender.wake());
  });
  /** What an earlier start read, of the database that was worked on last. */
  function spoolOfBefore(): KeptReading | null {
    const last = mirror.identity();
    if (last === null) return null;
    // What the vendor said holds in whatever life of the database.
    const id = databaseOf(last);
    if (before?.id !== id) before = { id, spool: createSpool(durable, id, clock) };
    const { spool } = before;
    return {
      facts: () => spool.facts(),
      waiting: () => spool.count(),
      state: () => null,
      budget: () => null,
    };
  }
  const live = { running: () => current, operations: () => attempt };
  const wall = createWall({
    clock,
    log: log.child('wall'),
    settings: desktop.consoleSettings,
    operations: () => attempt,
    running: () => current,
    onStarted,
    onFailed,
    kept: () => keptWall(kept, failure),
    syncState,
    openLedger: () => openPlingLedger(durable),
    period: (period) =>
      liveOrKept(
        live,
        (operations) => board(operations, period),
        () => kept.board(period),
      ),
    fair: async (period) => fair(await attempt, period),
    hideLast: () => (current?.settings() ?? kept.office()?.settings)?.fairHideLast ?? 0,
    waiting: () => liveOrKept(live, waitingDuplicates, () => keptWaiting(kept, mirror)),
    media: () => desktop.wallMedia.byAgent(),
  });
  desktop.wall.onTrouble(tellPerson);
  const identity = () => known?.identity() ?? mirror.identity();
  const times = startTimes(clock);
  const lists = createListRunner({
    submit: (request, signal) => addAccount(services, request, config.operator, signal),
    log: log.child('accounts'),
  });
  const parts: Omit<ConsoleServices, 'http' | 'diagnostics'> = {
    config,
    desktop,
    wall,
    outbox,
    health: notices.health,
    alerts: notices.alerts,
    lists,
    times,
    noteDrawn,
    holder: `console ${process.pid}@${hostname()}`,
    operations: () => attempt,
    mirror,
    kept,
    running: () => current,
    identity,
    waitingHere() {
      const id = identity();
      return id === null ? new Set() : outbox.waitingCases(id);
    },
    failedSince: () => failure,
    onFailed,
    sendKept() {
      known?.kept();
      sender.wake();
    },
    onStarted,
  };
  const http = keepHttp(config, desktop.consoleSettings, { ...parts, clock, log: log.child('http') });
  const services: ConsoleServices = {
    ...{ ...parts, http },
    diagnostics: {
      prepare: () => diagnostics.prepare(),
      save: (id) => diagnostics.save(id),
    },
  };
  const diagnostics = consoleDiagnostics(services);
  return {
    router: createRouter(services) as AnyRouter,
    wallRouter: createWallRouter(wall, desktop.wall) as AnyRouter,
    onStopAll: (stopped) => {
      const what = stopped ? ({ kind: 'stop-all' } as const) : ({ kind: 'resume', job: null } as const);
      void attempt
        .then((operations) => changeSchedules(operations, what, config.operator))
        .catch((error: unknown) => log.warn('Schedules could not be switched from the tray', { error }));
    },
    onSuspend: () => void running().then((operations) => operations?.suspend()),
    onResume: () => void running().then((operations) => operations?.resume()),
    async close() {
      await http.close();
      wall.close();
      closing.abort(new OpsdeckError('CANCELLED', 'Opsdeck is closing.'));
      await trying;
      await lists.close();
      await sender.close();
      await notices.close();
      await known?.close();
      await keeper?.close();
      const operations = await running();
      await operations?.close();
      await operations?.workspace.close();
      times.loop.close();
      durable.close();
      await mirror.close();
    },
  };
}

const chance = () => randomInt(1_000_000) / 1_000_000;

async function waitingDuplicates({ workspace }: Operations) {
  const duplicates = await countPendingDuplicates(workspace.database);
  return { duplicates, counted_at: workspace.passes.clock.now().toISOString() };
}

/** The last known count; null where nothing is kept. */
function keptWaiting(kept: MirrorAnswers, mirror: Mirror) {
  const at = mirror.confirmedAt();
  const page = kept.pending({ limit: 1, offset: 0 }, new Set());
  return at && page && { duplicates: page.count, counted_at: at.toISOString() };
}

/** The event loop from now on, and when the first deals were answered; the program began at the monotonic clock's zero. */
function startTimes(clock: Clock): ConsoleServices['times'] {
  let first: number | null = null;
  return {
    loop: watchEventLoop(() => clock.monotonic()),
    firstAnswerMs: () => first,
    noteAnswer: () => void (first ??= clock.monotonic()),
  };
}

/** The running database as kept decisions are sent to it. */
export function sendTo(operations: Operations, identity: string): SendTo {
  const { database } = operations.workspace;
  const epoch = epochOf(identity);
  return {
    databaseId: identity,
    send: (decisionId, { kind: _kind, seen: _seen, actor, console, ...choice }) =>
      sendDecision({ ...decisionDeps(operations, actor), console, epoch }, decisionId, choice),
    find: (decisionId) => findSent(database, decisionId),
    giveUp: (decisionId, caseId) => giveUpDecision(database, decisionId, caseId),
    accounts: {
      send: (request) => sendAccount(operations.workspace.accounts, request),
      find: (key) => findSentAccount(database, key),
    },
  };
}

/** The durable file of the data folder. What was damaged is told, with what could be saved of it. */
function openDurable(
  config: Config,
  parts: { clock: Clock; log: Log; tell(sentence: string): void },
): SharedDurableFile {
  return shareDurableFile(join(config.dataFolder, 'durable.sqlite'), {
    wall: () => parts.clock.wall(),
    onDamage(now, kept, readDamaged) {
      let saved = 0;
      readDamaged((damaged) => {
        saved = salvageKept(damaged, now);
        salvageKeptEvents(damaged, now);
      });
      const sentence =
        `The local file of plings and of decisions not yet sent was damaged and begun anew; the old one is ${kept}. ` +
        `${saved} waiting decisions were saved from it.`;
      parts.log.warn(sentence);
      parts.tell(sentence);
    },
  });
}
