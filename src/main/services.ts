import type { AnyRouter } from '@orpc/server';
import type { Config } from './config.ts';
import type { AppServices, DesktopParts } from './electron/run-console.ts';
import { OpsdeckError } from './errors.ts';
import { startOperations, type Operations } from './operations.ts';
import { state as syncState } from './deals/answer-sync.ts';
import { createRouter, createWallRouter } from './router.ts';
import { raiseHealthEvent } from './system/health-events.ts';
import { createWall, type Wall } from './wall/create-wall.ts';
import { openPlingLedger } from './wall/open-ledger.ts';
import { openWorkspace } from './workspace.ts';

/** Pause before a start that failed is tried again, in ms: doubled up to the longest. */
const firstRetryMs = 2_000;
const longestRetryMs = 30_000;

/** What the router answers windows with: the running operations, or why there are none. */
export interface ConsoleServices {
  config: Config;
  desktop: DesktopParts;
  wall: Wall;
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
  let attempt = start();

  async function start(): Promise<Operations> {
    const workspace = await openWorkspace({ config, clock, log, kind: 'console', signal: closing.signal });
    try {
      const operations = await startOperations({ workspace, log, backupFolder: config.backupFolder });
      log.info(`Working on ${workspace.databaseLabel}`);
      return operations;
    } catch (error) {
      await workspace.close();
      throw error;
    }
  }

  async function keepTrying(): Promise<void> {
    for (
      let pauseMs = firstRetryMs;
      !closing.signal.aborted;
      pauseMs = Math.min(pauseMs * 2, longestRetryMs)
    ) {
      try {
        await attempt;
        for (const listener of started) listener();
        return;
      } catch (error) {
        if (closing.signal.aborted) return;
        log.error('Not started yet', { error, nextTrySeconds: pauseMs / 1_000 });
      }
      await clock.sleep(pauseMs, closing.signal).catch(() => {});
      if (!closing.signal.aborted) attempt = start();
    }
  }
  const trying = keepTrying();

  const onStarted = (listener: () => void) => {
    started.add(listener);
    return () => void started.delete(listener);
  };
  const running = () => attempt.catch(() => null);
  const wall = createWall({
    clock,
    log: log.child('wall'),
    settings: desktop.consoleSettings,
    operations: () => attempt,
    onStarted,
    syncState,
    openLedger: () => openPlingLedger(config.dataFolder, { clock, log, onDamage: tellDamage }),
  });
  function tellDamage(sentence: string): void {
    void running()
      .then(
        (operations) => operations && raiseHealthEvent(operations.workspace.database, 'WARNING', sentence),
      )
      .catch((error: unknown) => log.warn('A warning could not be stored', { sentence, error }));
  }
  const services: ConsoleServices = { config, desktop, wall, operations: () => attempt, onStarted };
  return {
    router: createRouter(services) as AnyRouter,
    wallRouter: createWallRouter(wall) as AnyRouter,
    onSuspend: () => void running().then((operations) => operations?.suspend()),
    onResume: () => void running().then((operations) => operations?.resume()),
    async close() {
      wall.close();
      closing.abort(new OpsdeckError('CANCELLED', 'Opsdeck is closing.'));
      await trying;
      const operations = await running();
      await operations?.close();
      await operations?.workspace.close();
    },
  };
}
