import { implement } from '@orpc/server';
import { consoleContract } from '../shared/contract/index.ts';
import * as boards from './deals/answer-boards.ts';
import { wallContract } from '../shared/contract/wall.ts';
import * as deals from './deals/answer-deals.ts';
import * as duplicates from './deals/answer-duplicates.ts';
import * as sync from './deals/answer-sync.ts';
import * as offline from './offline-answers.ts';
import type { ConsoleServices } from './services.ts';
import * as system from './system-answers.ts';
import type { Wall } from './wall/create-wall.ts';

/** Contract procedure → feature function, one line each. */
export function createRouter(services: ConsoleServices) {
  const os = implement(consoleContract);
  const running = () => services.operations();
  const actor = services.config.operator;
  return os.router({
    boards: {
      board: os.boards.board.handler(async ({ input }) => boards.board(await running(), input.period)),
      exportCsv: os.boards.exportCsv.handler(async ({ input }) =>
        boards.exportCsv(await running(), input, services.desktop.saveFile),
      ),
    },
    deals: {
      today: os.deals.today.handler(async () => deals.today(await running())),
      board: os.deals.board.handler(async () => deals.board(await running())),
    },
    duplicates: {
      pending: os.duplicates.pending.handler(async ({ input }) => duplicates.pending(await running(), input)),
      case: os.duplicates.case.handler(async ({ input }) => duplicates.oneCase(await running(), input.id)),
      resolve: os.duplicates.resolve.handler(({ input }) => offline.resolve(services, input)),
      resolveMany: os.duplicates.resolveMany.handler(({ input }) => offline.resolveMany(services, input)),
      undo: os.duplicates.undo.handler(async ({ input }) => duplicates.undo(await running(), actor, input)),
      history: os.duplicates.history.handler(async ({ input }) => duplicates.history(await running(), input)),
      exportHistory: os.duplicates.exportHistory.handler(async ({ input }) =>
        duplicates.exportHistory(await running(), services.desktop, input),
      ),
    },
    outbox: {
      list: os.outbox.list.handler(() => services.outbox.list(services.databaseId())),
      dismiss: os.outbox.dismiss.handler(({ input }) => offline.dismiss(services, input.decision_id)),
    },
    sync: {
      state: os.sync.state.handler(async () => sync.state(await running())),
      start: os.sync.start.handler(async ({ input }) => sync.start(await running(), input)),
      cancel: os.sync.cancel.handler(async ({ input }) => ({
        cancelled: (await running()).cancel(input.source),
      })),
      progress: os.sync.progress.handler(async function* ({ signal }) {
        yield* sync.progress(await running(), signal);
      }),
      runs: os.sync.runs.handler(async ({ input }) => sync.runs(await running(), input.limit)),
      held: os.sync.held.handler(async () => sync.held(await running())),
      heldDeals: os.sync.heldDeals.handler(async ({ input }) => sync.heldDeals(await running(), input)),
      decideHeld: os.sync.decideHeld.handler(async ({ input, signal }) =>
        sync.decide(await running(), { ...input, actor }, signal),
      ),
      rejected: os.sync.rejected.handler(async ({ input }) => sync.rejected(await running(), input)),
    },
    system: {
      status: os.system.status.handler(async () => system.status(services, await running())),
      changes: os.system.changes.handler(({ signal }) => system.changes(services, signal)),
      healthEvents: os.system.healthEvents.handler(async ({ input }) =>
        system.healthEvents(await running(), input.limit),
      ),
      officeSettings: os.system.officeSettings.handler(async () => (await running()).workspace.settings()),
      changeOfficeSettings: os.system.changeOfficeSettings.handler(async ({ input }) =>
        system.changeSettings(services, await running(), input),
      ),
      consoleSettings: os.system.consoleSettings.handler(() => services.desktop.consoleSettings.get()),
      changeConsoleSettings: os.system.changeConsoleSettings.handler(({ input }) =>
        services.desktop.consoleSettings.change(input),
      ),
      openLogFolder: os.system.openLogFolder.handler(async () => ({
        opened: await services.desktop.openLogFolder(),
      })),
      invalidateCache: os.system.invalidateCache.handler(async () => {
        await (await running()).invalidate();
        return { success: true };
      }),
    },
    wallWindow: {
      state: os.wallWindow.state.handler(() => services.desktop.wall.state()),
      open: os.wallWindow.open.handler(() => services.desktop.wall.open()),
      close: os.wallWindow.close.handler(() => services.desktop.wall.close()),
      testSound: os.wallWindow.testSound.handler(() => ({ played: services.wall.testSound() })),
    },
  });
}

/** All that a wall window gets: it is served on its own port and holds no other procedure. */
export function createWallRouter(wall: Wall) {
  const os = implement(wallContract);
  return os.router({
    wall: {
      board: os.wall.board.handler(() => wall.board()),
      state: os.wall.state.handler(() => wall.state()),
      settings: os.wall.settings.handler(() => wall.settings()),
      changes: os.wall.changes.handler(({ signal }) => wall.changes(signal)),
    },
  });
}
