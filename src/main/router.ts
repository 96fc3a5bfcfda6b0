import { implement } from '@orpc/server';
import { consoleContract } from '../shared/contract/index.ts';
import * as accounts from './accounts/answer-accounts.ts';
import * as tasks from './accounts/answer-tasks.ts';
import { addAccount } from './add-account.ts';
import * as backups from './backup-answers.ts';
import * as archive from './deals/archive/answer-archive.ts';
import * as boards from './deals/answer-boards.ts';
import { wallContract } from '../shared/contract/wall.ts';
import * as claims from './deals/answer-claims.ts';
import * as rules from './deals/rules/answer-rules.ts';
import { removeRule, saveRule, switchRule } from './deals/rules/change-rules.ts';
import { why } from './deals/why/answer-why.ts';
import * as deals from './deals/answer-deals.ts';
import { exportHistory } from './deals/export-history.ts';
import * as duplicates from './deals/answer-duplicates.ts';
import * as health from './health-answers.ts';
import * as sync from './deals/answer-sync.ts';
import * as decide from './decide-or-keep.ts';
import * as httpApi from './http-answers.ts';
import * as legacy from './legacy-answers.ts';
import { liveOrKept } from './live-or-kept.ts';
import type { Operations } from './operations.ts';
import * as catalogue from './packages/answer-catalogue.ts';
import * as myPackages from './packages/answer-my-packages.ts';
import * as packageOrders from './packages/answer-orders.ts';
import { accessOf, changeDeps } from './packages/package-access.ts';
import { removeMapping } from './packages/change-mapping.ts';
import { importMyPackages } from './packages/import-my-packages.ts';
import { decideHeldPackages } from './packages/decide-held-packages.ts';
import type { ConsoleServices } from './services.ts';
import { getMode, setMode } from './system/answer-mode.ts';
import { readLogNews, readLogPage } from './system/log/read-log.ts';
import * as performance from './performance-answers.ts';
import * as schedules from './schedules-answers.ts';
import * as system from './system-answers.ts';
import { rehearseTasks } from './rehearse-tasks.ts';
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
  const folders = legacy.importFolders(services.config.dataFolder);
  const waitingHere = () => services.waitingHere();
  const database = async () => (await running()).workspace.database;
  const access = async () => accessOf(await running(), actor);
  const changer = async () => changeDeps(await access());
  return os.router({
    accounts: {
      add: os.accounts.add.handler(({ input, signal }) => addAccount(services, input, actor, signal)),
      list: os.accounts.list.handler(async ({ input }) => accounts.list(await database(), input)),
      requests: os.accounts.requests.handler(async ({ input }) =>
        accounts.requests(await database(), input.limit, (await running()).workspace.missingDirectory),
      ),
      previewList: os.accounts.previewList.handler(async ({ input }) =>
        accounts.previewList(await database(), input.text),
      ),
      startList: os.accounts.startList.handler(async ({ input }) =>
        accounts.startList(await database(), services.lists, input.text),
      ),
      cancelList: os.accounts.cancelList.handler(() => ({ cancelled: services.lists.cancel() })),
      listState: os.accounts.listState.handler(() => services.lists.state()),
      listProgress: os.accounts.listProgress.handler(async function* ({ signal }) {
        yield* accounts.listProgress(services.lists, signal);
      }),
      exportResults: os.accounts.exportResults.handler(({ input }) =>
        accounts.exportResults(services.lists, services.desktop, input.language),
      ),
    },
    alerts: {
      test: os.alerts.test.handler(async () => ({ why: null, ...(await services.alerts.test()) })),
    },
    archive: {
      view: os.archive.view.handler(async () => archive.view(await running())),
      start: os.archive.start.handler(async ({ input }) => archive.start(await running(), actor, input.kind)),
      cancel: os.archive.cancel.handler(async () => archive.cancel(await running())),
      progress: os.archive.progress.handler(async function* ({ signal }) {
        yield* archive.progress(await running(), signal);
      }),
    },
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
      fair: os.boards.fair.handler(({ input }) =>
        or((operations) => boards.fair(operations, input.period), kept.fair),
      ),
      exportCsv: os.boards.exportCsv.handler(async ({ input }) =>
        boards.exportCsv(await running(), input, services.desktop.saveFile),
      ),
      saveDeals: os.boards.saveDeals.handler(async ({ input }) =>
        boards.saveDeals(await running(), input, services.desktop.saveFile),
      ),
      savePdf: os.boards.savePdf.handler(async ({ input }) =>
        boards.savePdf(await running(), input, services.desktop.savePdf),
      ),
    },
    deals: {
      today: os.deals.today.handler(async () => {
        const today = await or(deals.today, () => kept.today(waitingHere()));
        services.times.noteAnswer();
        return today;
      }),
      board: os.deals.board.handler(async () => deals.board(await running())),
      why: os.deals.why.handler(async ({ input }) => why(await running(), input.lead_id)),
    },
    diagnostics: {
      prepare: os.diagnostics.prepare.handler(() => services.diagnostics.prepare()),
      save: os.diagnostics.save.handler(({ input }) => services.diagnostics.save(input.id)),
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
      undo: os.duplicates.undo.handler(({ input }) => decide.undo(services, input)),
      history: os.duplicates.history.handler(async ({ input }) => duplicates.history(await running(), input)),
      exportHistory: os.duplicates.exportHistory.handler(async ({ input }) =>
        exportHistory(await running(), services.desktop, input),
      ),
    },
    health: {
      events: os.health.events.handler(({ input }) =>
        or(
          (operations) => health.events(services, operations, input),
          () => health.keptEvents(services, kept.timeline(), input),
        ),
      ),
      incidents: os.health.incidents.handler(async ({ input }) => health.incidents(await running(), input)),
    },
    httpApi: {
      state: os.httpApi.state.handler(() => services.http.state()),
      tokens: os.httpApi.tokens.handler(async () => httpApi.tokens(await running())),
      createToken: os.httpApi.createToken.handler(async ({ input }) =>
        httpApi.createToken(await running(), actor, input),
      ),
      copyToken: os.httpApi.copyToken.handler(({ input }) => {
        services.desktop.copyText(input.token);
        return { copied: true as const };
      }),
      revokeToken: os.httpApi.revokeToken.handler(async ({ input }) => {
        await httpApi.revokeToken(await running(), actor, input.id);
        return { revoked: true as const };
      }),
    },
    legacy: {
      view: os.legacy.view.handler(async () => legacy.view(await running(), folders)),
      choose: os.legacy.choose.handler(async ({ input }) =>
        legacy.choose(await running(), folders, input.what, services.desktop.chooseFolder),
      ),
      start: os.legacy.start.handler(async ({ input }) =>
        legacy.start(await running(), folders, { dryRun: input.dry_run, actor }),
      ),
      cancel: os.legacy.cancel.handler(async () => ({ cancelled: (await running()).imports.cancel() })),
      progress: os.legacy.progress.handler(async function* ({ signal }) {
        yield* legacy.progress(await running(), signal);
      }),
    },
    log: {
      page: os.log.page.handler(({ input }) => readLogPage(services.config.logFolder, input)),
      news: os.log.news.handler(({ input }) => readLogNews(services.config.logFolder, input)),
      copy: os.log.copy.handler(({ input }) => {
        services.desktop.copyText(input.text);
        return { copied: true as const };
      }),
    },
    mode: {
      get: os.mode.get.handler(() => or(({ workspace }) => getMode(workspace.accounts), kept.mode)),
      set: os.mode.set.handler(async ({ input }) => {
        const { workspace } = await running();
        return setMode(workspace.accounts, input, { actor, console: workspace.holder });
      }),
    },
    outbox: {
      accounts: os.outbox.accounts.handler(() => services.outbox.listAccounts(services.identity())),
      list: os.outbox.list.handler(() => services.outbox.list(services.identity())),
      sendAgain: os.outbox.sendAgain.handler(({ input }) => decide.sendAgain(services, input.decision_id)),
      dismiss: os.outbox.dismiss.handler(({ input }) => decide.dismiss(services, input.decision_id)),
    },
    packages: {
      state: os.packages.state.handler(async () => catalogue.state(await running())),
      health: os.packages.health.handler(async () => myPackages.health(await access())),
      sync: os.packages.sync.handler(async () => catalogue.sync(await running())),
      cancel: os.packages.cancel.handler(async () => ({ cancelled: (await running()).packages.cancel() })),
      progress: os.packages.progress.handler(async function* ({ signal }) {
        yield* catalogue.progress(await running(), signal);
      }),
      runs: os.packages.runs.handler(async ({ input }) => catalogue.runs(await access(), input.limit)),
      held: os.packages.held.handler(async ({ input }) => catalogue.held(await access(), input)),
      decideHeld: os.packages.decideHeld.handler(async ({ input, signal }) =>
        decideHeldPackages((await access()).deps, await changer(), input, {
          ...{ trigger: 'person', waitMs: 120_000 },
          signal: signal ?? new AbortController().signal,
        }),
      ),
      diff: os.packages.diff.handler(async ({ input }) => catalogue.diff(await access(), input)),
      catalogue: os.packages.catalogue.handler(async ({ input }) =>
        catalogue.listPackages(await access(), input),
      ),
      places: os.packages.places.handler(async () => catalogue.places(await access())),
      history: os.packages.history.handler(async ({ input }) =>
        catalogue.history(await access(), input.reseller_id),
      ),
      mine: os.packages.mine.handler(async ({ input }) => myPackages.mine(await access(), input)),
      add: os.packages.add.handler(async ({ input }) => myPackages.add(await access(), input)),
      edit: os.packages.edit.handler(async ({ input }) => myPackages.edit(await access(), input)),
      show: os.packages.show.handler(async ({ input }) => myPackages.show(await access(), input)),
      remove: os.packages.remove.handler(async ({ input }) => {
        await removeMapping(await changer(), input);
        return { removed: true };
      }),
      importCsv: os.packages.importCsv.handler(async ({ input }) =>
        importMyPackages(await changer(), { text: input.text, dryRun: input.dry_run }),
      ),
      exportCsv: os.packages.exportCsv.handler(async () =>
        myPackages.exportCsv(await access(), services.desktop.saveFile),
      ),
      validate: os.packages.validate.handler(async () => myPackages.validate(await access(), 'person')),
      check: os.packages.check.handler(async ({ input }) => myPackages.check(await access(), input)),
      clearCache: os.packages.clearCache.handler(async () => myPackages.clearCache(await access())),
      invalid: os.packages.invalid.handler(async ({ input }) => myPackages.invalid(await access(), input)),
      alternatives: os.packages.alternatives.handler(async ({ input }) =>
        myPackages.alternatives(await access(), input),
      ),
      autoFix: os.packages.autoFix.handler(async ({ input }) => myPackages.fix(await access(), input)),
      proposals: os.packages.proposals.handler(async ({ input }) =>
        myPackages.proposals(await access(), input),
      ),
      decideProposals: os.packages.decideProposals.handler(async ({ input }) =>
        myPackages.decideProposals(await access(), input),
      ),
      replace: os.packages.replace.handler(async ({ input }) => myPackages.replace(await access(), input)),
      changes: os.packages.changes.handler(async ({ input }) =>
        myPackages.listChanges(await access(), input),
      ),
      undo: os.packages.undo.handler(async ({ input }) => myPackages.undo(await access(), input.change_id)),
      deduplicate: os.packages.deduplicate.handler(async ({ input }) =>
        myPackages.removeDuplicates(await access(), input),
      ),
      undoDeduplicate: os.packages.undoDeduplicate.handler(async ({ input }) =>
        myPackages.undoDuplicates(await access(), input.id),
      ),
      lastDeduplication: os.packages.lastDeduplication.handler(async () =>
        myPackages.latestDeduplication(await access()),
      ),
      order: os.packages.order.handler(async ({ input }) => packageOrders.order(await access(), input)),
      lookUpOrder: os.packages.lookUpOrder.handler(async ({ input }) =>
        packageOrders.lookUp(await access(), input.reference_id),
      ),
      orders: os.packages.orders.handler(async ({ input }) =>
        packageOrders.listOrders(await access(), input),
      ),
    },
    rules: {
      list: os.rules.list.handler(async () => rules.list(await running())),
      cases: os.rules.cases.handler(async ({ input }) => rules.cases(await running(), input.id)),
      save: os.rules.save.handler(async ({ input }) =>
        saveRule(duplicates.decisionDeps(await running(), actor), input.draft, input.of),
      ),
      switch: os.rules.switch.handler(async ({ input }) =>
        switchRule(duplicates.decisionDeps(await running(), actor), input),
      ),
      remove: os.rules.remove.handler(async ({ input }) => {
        await removeRule(duplicates.decisionDeps(await running(), actor), input);
        return { removed: true as const };
      }),
    },
    performance: {
      view: os.performance.view.handler(async () => performance.view(await running(), services.times)),
    },
    schedules: {
      list: os.schedules.list.handler(async () => schedules.list(await running())),
      pause: os.schedules.pause.handler(async ({ input }) =>
        schedules.change(await running(), { kind: 'pause', ...input }, actor),
      ),
      disable: os.schedules.disable.handler(async ({ input }) =>
        schedules.change(await running(), { kind: 'disable', ...input }, actor),
      ),
      resume: os.schedules.resume.handler(async ({ input }) =>
        schedules.change(await running(), { kind: 'resume', job: input.job ?? null }, actor),
      ),
      stopAll: os.schedules.stopAll.handler(async () =>
        schedules.change(await running(), { kind: 'stop-all' }, actor),
      ),
      run: os.schedules.run.handler(async ({ input }) => schedules.run(await running(), input.job, actor)),
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
      changes: os.system.changes.handler(({ signal }) => {
        services.noteDrawn();
        return system.changes(services, signal);
      }),
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
    tasks: {
      list: os.tasks.list.handler(async ({ input }) =>
        tasks.list((await running()).workspace.accounts, input.limit),
      ),
      retry: os.tasks.retry.handler(async ({ input }) =>
        tasks.retry((await running()).workspace.accounts, input),
      ),
      rehearse: os.tasks.rehearse.handler(async ({ input, signal }) =>
        rehearseTasks((await running()).workspace, input.requests, actor, signal),
      ),
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
