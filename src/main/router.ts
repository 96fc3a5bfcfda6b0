import { implement } from '@orpc/server';
import { consoleContract } from '../shared/contract/index.ts';
import * as backups from './backup-answers.ts';
import * as boards from './deals/answer-boards.ts';
import { wallContract } from '../shared/contract/wall.ts';
import * as claims from './deals/answer-claims.ts';
import * as deals from './deals/answer-deals.ts';
import * as duplicates from './deals/answer-duplicates.ts';
import * as sync from './deals/answer-sync.ts';
import * as decide from './decide-or-keep.ts';
import { liveOrKept } from './live-or-kept.ts';
import type { Operations } from './operations.ts';
import type { ConsoleServices } from './services.ts';
import * as system from './system-answers.ts';
import * as wallAnswers from './wall-answers.ts';
import type { Wall } from './wall/create-wall.ts';

/** Contract procedure → feature function, one line each. */
export function createRouter(services: ConsoleServices) {
  const os = implement(consoleContract);
  const running = () => services.operations();
  const actor = services.config.operator;
  const { kept } = services;
  const or = <T>(live: (operations: Operations) => Promise<T>, old: () => T | null) =>
    liveOrKept(services, live, old);
  const waitingHere = () => services.waitingHere();
  return os.router({
    backups: {
      list: os.backups.list.handler(async () => backups.list(await running())),
      start: os.backups.start.handler(async () => backups.start(await running(), services.config.operator)),
      cancel: os.backups.cancel.handler(async () => backups.cancel(await running())),
      progress: os.backups.progress.handler(async function* ({ signal }) {
        yield* backups.progress(await running(), signal);
      }),
      openFolder: os.backups.openFolder.handler(async () => ({
        opened: await services.desktop.openFolder(backups.folder(await running())),
      })),
    },
    boards: {
      board: os.boards.board.handler(({ input }) =>
        or(
          (operations) => boards.board(operations, input.period),
          () => kept.board(input.period),
        ),
      ),
      exportCsv: os.boards.exportCsv.handler(async ({ input }) =>
        boards.exportCsv(await running(), input, services.desktop.saveFile),
      ),
    },
    deals: {
      today: os.deals.today.handler(() => or(deals.today, () => kept.today(waitingHere()))),
      board: os.deals.board.handler(async () => deals.board(await running())),
    },
    duplicates: {
      pending: os.duplicates.pending.handler(({ input }) =>
        or(
          (operations) => duplicates.pending(operations, input, waitingHere()),
          () => kept.pending(input, waitingHere()),
        ),
      ),
      case: os.duplicates.case.handler(({ input }) =>
        or(
          (operations) => duplicates.oneCase(operations, input.id),
          () => kept.case(input.id),
        ),
      ),
      claims: os.duplicates.claims.handler(async () => claims.claims(await running())),
      claim: os.duplicates.claim.handler(async ({ input }) => claims.claim(await running(), actor, input.id)),
      release: os.duplicates.release.handler(async () => claims.release(await running())),
      resolve: os.duplicates.resolve.handler(({ input }) => decide.resolve(services, input)),
      resolveMany: os.duplicates.resolveMany.handler(({ input }) => decide.resolveMany(services, input)),
      undo: os.duplicates.undo.handler(async ({ input }) => duplicates.undo(await running(), actor, input)),
      history: os.duplicates.history.handler(async ({ input }) => duplicates.history(await running(), input)),
      exportHistory: os.duplicates.exportHistory.handler(async ({ input }) =>
        duplicates.exportHistory(await running(), services.desktop, input),
      ),
    },
    outbox: {
      list: os.outbox.list.handler(() => services.outbox.list(services.databaseId())),
      dismiss: os.outbox.dismiss.handler(({ input }) => decide.dismiss(services, input.decision_id)),
    },
    sync: {
      state: os.sync.state.handler(() => or(sync.state, kept.sync)),
      start: os.sync.start.handler(async ({ input }) => sync.start(await running(), input)),
      cancel: os.sync.cancel.handler(async ({ input }) => ({
        cancelled: (await running()).cancel(input.source),
      })),
      progress: os.sync.progress.handler(async function* ({ signal }) {
        yield* sync.progress(await running(), signal);
      }),
      runs: os.sync.runs.handler(({ input }) =>
        or(
          (operations) => sync.runs(operations, input.limit),
          () => kept.runs(input.limit),
        ),
      ),
      held: os.sync.held.handler(() => or(sync.held, kept.held)),
      heldDeals: os.sync.heldDeals.handler(async ({ input }) => sync.heldDeals(await running(), input)),
      decideHeld: os.sync.decideHeld.handler(async ({ input, signal }) =>
        sync.decide(await running(), { ...input, actor }, signal),
      ),
      rejected: os.sync.rejected.handler(async ({ input }) => sync.rejected(await running(), input)),
    },
    system: {
      status: os.system.status.handler(() => system.status(services)),
      changes: os.system.changes.handler(({ signal }) => system.changes(services, signal)),
      healthEvents: os.system.healthEvents.handler(({ input }) =>
        or(
          (operations) => system.healthEvents(operations, input.limit),
          () => kept.health(input.limit),
        ),
      ),
      officeSettings: os.system.officeSettings.handler(() =>
        or(({ workspace }) => workspace.settings(), kept.office),
      ),
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
      rehearse: os.wallWindow.rehearse.handler(() => ({ shown: services.wall.rehearse() })),
      media: os.wallWindow.media.handler(() => wallAnswers.media(services)),
      openMediaFolder: os.wallWindow.openMediaFolder.handler(() => wallAnswers.openMediaFolder(services)),
    },
    wallPreview: {
      board: os.wallPreview.board.handler(() => services.wall.board()),
      state: os.wallPreview.state.handler(() => services.wall.state()),
      settings: os.wallPreview.settings.handler(() => services.wall.settings()),
      period: os.wallPreview.period.handler(({ input }) => services.wall.period(input.period)),
      waiting: os.wallPreview.waiting.handler(() => services.wall.waiting()),
    },
  });
}

/** All that a wall window gets: it is served on its own port and holds no other procedure. */
export function createWallRouter(wall: Wall, windows: wallAnswers.WallPages) {
  const os = implement(wallContract).$context<{ window: number }>();
  return os.router({
    wall: {
      board: os.wall.board.handler(() => wall.board()),
      state: os.wall.state.handler(() => wall.state()),
      settings: os.wall.settings.handler(() => wall.settings()),
      period: os.wall.period.handler(({ input }) => wall.period(input.period)),
      waiting: os.wall.waiting.handler(() => wall.waiting()),
      beat: os.wall.beat.handler(({ input, context }) => {
        windows.beat(context.window, input);
        return {};
      }),
      changes: os.wall.changes.handler(({ signal, context }) =>
        wallAnswers.changesFor(wall, windows, context.window, signal),
      ),
    },
  });
}
