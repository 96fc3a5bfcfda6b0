import { implement, ORPCError } from '@orpc/server';
import { consoleContract } from '../../../src/shared/contract/index.ts';
import type { DealView } from '../../../src/shared/contract/deals.ts';
import type { HeldRemoval, PassProgress, SyncRun, SyncSource } from '../../../src/shared/contract/sync.ts';
import type {
  ConsoleSettings,
  OfficeSettingsView,
  StreamEvent,
} from '../../../src/shared/contract/system.ts';
import type { WallWindowState } from '../../../src/shared/contract/wall-window.ts';
import { createFakeAccounts } from './fake-accounts.ts';
import { createFakeArchive } from './fake-archive.ts';
import { createFakeLog } from './fake-log.ts';
import { createFakeLegacy } from './fake-legacy.ts';
import { createFakeRules } from './fake-rules.ts';
import { createFakeBackups } from './fake-backups.ts';
import { createFakeHealth } from './fake-health.ts';
import { createFakeHttpApi } from './fake-http-api.ts';
import { createFakePackages } from './fake-packages.ts';
import { createFakePerformance } from './fake-performance.ts';
import { createFakeSchedules } from './fake-schedules.ts';
import { createHub } from './hub.ts';
import {
  ago,
  makeBoardView,
  makeFair,
  makeDeal,
  makeHeld,
  makeHeldDeals,
  makeRejected,
  makeRun,
  makeRuns,
  makeSync,
  makeToday,
  type Scenario,
} from './scenarios.ts';
import { createFakePreview } from './fake-wall.ts';
import { createFakeDuplicates } from './fake-duplicates.ts';
import { makeWhy } from './make-why.ts';
import { makeKept } from './make-kept.ts';
import { makeDuplicates, makeHistory } from './make-duplicates.ts';

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A main that answers one scenario, so that screens can be looked at without Electron or Postgres. */
export function createFakeRouter(scenario: Scenario, own: ConsoleSettings) {
  const os = implement(consoleContract);
  const changes = createHub<StreamEvent>();
  const progress = createHub<PassProgress>();
  const fresh: DealView[] = [];
  let runs: SyncRun[] = makeRuns(scenario);
  let held: HeldRemoval[] = makeHeld(scenario);
  let settings = own;
  let seq = 100;
  const cancelled = new Set<SyncSource>();
  let wallOpen = false;
  const wallState = () => fakeWallState(wallOpen, settings.wallDisplay);
  // Bertil has the oldest case before him, at another console.
  const othersLook = {
    claims: [{ id: 1, actor: 'Bertil Åkesson', mine: false, until: '2026-11-22T11:02:00.000Z' }],
  };
  const duplicates = createFakeDuplicates(makeDuplicates(scenario), makeHistory(scenario));
  const heldDeals = makeHeldDeals(scenario);
  const rejected = makeRejected(scenario);
  let office: OfficeSettingsView = {
    settings: {
      timeZone: 'Europe/Stockholm',
      vendorTimeZone: null,
      updatedField: 'lastUpdatedTime',
      commissionField: 'Provision',
      multiDealsField: 'Antal',
      orderDateField: '74411',
      deltaSeconds: 120,
      pageSize: 1000,
      brakeShare: 0.05,
      brakeRows: 20,
      commissionChangeIsDuplicate: false,
      backupHour: 3,
      archive: true,
      archiveAfterDays: 365,
      fairBest: false,
      fairImproved: false,
      fairRookieDays: 0,
      fairHideLast: 0,
      adversusUrl: 'http://127.0.0.1:4010/v1',
      adversusUser: 'sandbox',
      roamifyUrl: null,
    },
    overridden: ['adversusUrl', 'adversusUser'],
    unreadable: scenario === 'waiting' ? ['pageSize'] : [],
    version: 4,
  };

  if (scenario === 'live') {
    setInterval(() => {
      seq += 1;
      fresh.unshift(makeDeal(1000 + seq, 0, scenario));
      const id = 1000 + seq;
      changes.tell({
        type: 'change',
        change: {
          seq,
          at: ago(0),
          kind: 'deals',
          data: {
            source: 'sync',
            runId: 1,
            inserted: 1,
            updated: 0,
            removed: 0,
            ids: [id],
            removedIds: [],
            new: [id],
          },
        },
      });
    }, 2000);
  }

  async function answer<T>(make: () => T): Promise<T> {
    if (scenario === 'slow') await wait(600_000);
    if (scenario === 'failing')
      throw new ORPCError('DATABASE_REFUSED', {
        message: 'password authentication failed for user "opsdeck" at db.kontoret.se:5432',
      });
    return make();
  }

  async function runPass(source: SyncSource): Promise<void> {
    const base = {
      run_id: 950,
      source,
      kind: 'window',
      pages_expected: null,
      waiting_for: null,
      cancellable: true,
      pages: 0,
      records: 0,
    } as const;
    progress.tell({ ...base, stage: 'waiting-permit', waiting_for: 'cli 4711@kontor-2' });
    await wait(1200);
    for (let page = 1; page <= 8 && !cancelled.has(source); page++) {
      progress.tell({ ...base, stage: 'reading', pages: page, pages_expected: 8, records: page * 300 });
      await wait(scenario === 'syncing' ? 4000 : 450);
    }
    progress.tell({
      ...base,
      stage: 'applying',
      cancellable: false,
      pages: 8,
      pages_expected: 8,
      records: 2400,
    });
    await wait(700);
    const state = cancelled.delete(source) ? 'cancelled' : 'complete';
    const id = (runs[0]?.id ?? 0) + 1;
    runs = [
      makeRun(id, 5, {
        source,
        kind: 'window',
        trigger: 'person',
        state,
        inserted: 3,
        updated: 1,
        unchanged: 2396,
        pages: 8,
        calls: 8,
      }),
      ...runs,
    ];
    progress.tell({ ...base, stage: 'ended' });
    changes.tell({
      type: 'change',
      change: { seq: ++seq, at: ago(0), kind: 'run', data: { id, source, state } },
    });
  }

  /** Does something to the queue, and lets every window know. */
  async function decided<T>(act: () => T): Promise<T> {
    await wait(40);
    const done = await answer(act);
    const open = duplicates.pending({ limit: 1, offset: 0 }).count;
    changes.tell({
      type: 'change',
      change: {
        seq: ++seq,
        at: ago(0),
        kind: 'duplicates',
        data: { open, opened: [], revised: 0, withdrawn: 0 },
      },
    });
    return done;
  }
  // Erik decides the first case, and upstream changes the second, while they are being looked at.
  if (scenario === 'raced')
    setTimeout(() => {
      void decided(() => {
        duplicates.elsewhere.resolve(1, 'merge');
        const second = makeDuplicates(scenario)[1];
        if (second !== undefined)
          duplicates.elsewhere.change(2, {
            incoming: { ...second.incoming, commission: 9_900 },
            differs: ['commission', 'order_date'],
          });
      });
    }, 4_000);

  /** Each reason for which a decision is refused, one case after the other. */
  function refuseInTurn(id: number): void {
    if (id % 3 === 1) duplicates.elsewhere.resolve(id, 'merge');
    else if (id % 3 === 2) duplicates.elsewhere.change(id, {});
    else throw new ORPCError('DATABASE_AWAY', { message: 'No answer from db.kontoret.se.' });
  }

  function shelf(asked: {
    limit: number;
    offset: number;
    search?: string | undefined;
    reason?: string | undefined;
  }) {
    const { search = '', reason, limit, offset } = asked;
    const counts = new Map<string, number>();
    for (const one of rejected) counts.set(one.reason, (counts.get(one.reason) ?? 0) + 1);
    const found = rejected.filter(
      (one) =>
        `${one.key} ${one.detail ?? ''}`.includes(search) && (reason === undefined || one.reason === reason),
    );
    return {
      records: found.slice(offset, offset + limit),
      count: found.length,
      total: rejected.length,
      reasons: [...counts].map(([name, count]) => ({ reason: name, count })),
    };
  }

  return os.router({
    ...createFakeAccounts(scenario, answer),
    alerts: { test: os.alerts.test.handler(() => ({ shown: true, why: null })) },
    health: createFakeHealth(scenario, answer),
    ...createFakeLog(scenario, answer),
    archive: createFakeArchive(scenario, answer, () => office.settings.archive),
    backups: createFakeBackups(scenario, answer),
    boards: {
      board: os.boards.board.handler(({ input }) => {
        if (/^(.+)\.\.(.+)$/.test(input.period) && input.period.slice(12) < input.period.slice(0, 10))
          throw new ORPCError('BAD_REQUEST', { message: 'The last day is before the first.' });
        return answer(() => makeBoardView(scenario, input.period));
      }),
      fair: os.boards.fair.handler(() => makeFair(scenario)),
      saveDeals: os.boards.saveDeals.handler(() => ({
        path: '/home/anna/Dokument/affarer.csv',
        rows: 1_204,
      })),
      savePdf: os.boards.savePdf.handler(() => ({ path: '/home/anna/Dokument/rapport-2026-11-22.pdf' })),
      exportCsv: os.boards.exportCsv.handler(async () => {
        await wait(300);
        return { path: '/home/anna/Dokument/topplista.csv', rows: 12 };
      }),
    },
    deals: {
      today: os.deals.today.handler(() => answer(() => makeToday(scenario, seq, fresh))),
      board: os.deals.board.handler(() => makeToday(scenario, seq, fresh).board),
      why: os.deals.why.handler(({ input }) => answer(() => makeWhy(input.lead_id))),
    },
    duplicates: {
      pending: os.duplicates.pending.handler(({ input }) => answer(() => duplicates.pending(input))),
      case: os.duplicates.case.handler(({ input }) => answer(() => duplicates.case(input.id))),
      claims: os.duplicates.claims.handler(() => othersLook),
      claim: os.duplicates.claim.handler(() => othersLook),
      release: os.duplicates.release.handler(() => ({ released: true as const })),
      resolve: os.duplicates.resolve.handler(({ input }) => {
        if (scenario === 'refusing') refuseInTurn(input.id);
        return decided(() => duplicates.resolve(input));
      }),
      resolveMany: os.duplicates.resolveMany.handler(async ({ input }) => {
        await wait(120);
        if (scenario === 'refusing')
          for (const { id } of input.cases.slice(1, 3)) duplicates.elsewhere.resolve(id, 'merge');
        return decided(() => duplicates.resolveMany(input));
      }),
      undo: os.duplicates.undo.handler(({ input }) => decided(() => duplicates.undo(input))),
      history: os.duplicates.history.handler(({ input }) => answer(() => duplicates.history(input))),
      exportHistory: os.duplicates.exportHistory.handler(({ input }) => {
        const { count } = duplicates.history({ ...input, limit: 1, offset: 0 });
        return { path: '/home/anna/Documents/opsdeck-dubbletter-2026-11-22.csv', rows: count };
      }),
    },
    httpApi: createFakeHttpApi(scenario, answer),
    legacy: createFakeLegacy(),
    outbox: {
      accounts: os.outbox.accounts.handler(() => []),
      list: os.outbox.list.handler(() => answer(() => makeKept(scenario))),
      sendAgain: os.outbox.sendAgain.handler(({ input }) => input),
      dismiss: os.outbox.dismiss.handler(() => ({ dismissed: true })),
    },
    packages: createFakePackages(scenario, answer),
    rules: createFakeRules(scenario, answer),
    performance: createFakePerformance(scenario, answer),
    schedules: createFakeSchedules(scenario, answer),
    sync: {
      state: os.sync.state.handler(() => answer(() => makeSync(scenario))),
      start: os.sync.start.handler(({ input }) => {
        void runPass(input.source);
        return { started: true };
      }),
      cancel: os.sync.cancel.handler(({ input }) => {
        cancelled.add(input.source);
        return { cancelled: true };
      }),
      progress: os.sync.progress.handler(async function* () {
        if (scenario === 'syncing') setTimeout(() => void runPass('deals'), 100);
        yield* progress.listen();
      }),
      runs: os.sync.runs.handler(() => answer(() => runs)),
      held: os.sync.held.handler(() => answer(() => held)),
      heldDeals: os.sync.heldDeals.handler(({ input }) =>
        answer(() => ({
          deals: heldDeals.slice(input.offset, input.offset + input.limit),
          count: heldDeals.length,
          commission: heldDeals.reduce((sum, deal) => sum + (deal.commission ?? 0), 0),
        })),
      ),
      decideHeld: os.sync.decideHeld.handler(({ input }) => {
        held = [];
        changes.tell({
          type: 'change',
          change: { seq: ++seq, at: ago(0), kind: 'held', data: { id: input.id, state: 'accepted' } },
        });
        return {
          id: input.id,
          state: input.action === 'accept' ? 'accepted' : 'discarded',
          removed: 100,
          kept: 4,
          waiting: 20,
        };
      }),
      rejected: os.sync.rejected.handler(({ input }) => answer(() => shelf(input))),
    },
    system: {
      status: os.system.status.handler(() =>
        answer(() => ({
          version: '0.1.0',
          workspace:
            scenario === 'many' || scenario === 'away'
              ? ('team' as const)
              : scenario === 'long'
                ? ('local' as const)
                : ('sandbox' as const),
          operator: 'anna',
          now: ago(0),
          database: {
            kind: scenario === 'many' ? ('remote' as const) : ('embedded' as const),
            label:
              scenario === 'many' || scenario === 'away' ? 'db.kontoret.se/opsdeck' : '127.0.0.1/opsdeck',
            away_since: scenario === 'away' ? ago(1_500) : null,
            message: null,
          },
          leader:
            scenario === 'long'
              ? { kind: 'follower' as const, of: 'console 118@reception' }
              : { kind: 'leader' as const, term: 12 },
          showing:
            scenario === 'away'
              ? { from: 'mirror' as const, as_of: ago(1_500) }
              : { from: 'database' as const },
          log_folder: '/home/anna/.config/opsdeck/logs',
          data_folder: '/home/anna/.config/opsdeck',
        })),
      ),
      changes: os.system.changes.handler(async function* () {
        yield { type: 'status' as const };
        yield* changes.listen();
      }),
      healthEvents: os.system.healthEvents.handler(() => []),
      officeSettings: os.system.officeSettings.handler(() => answer(() => office)),
      changeOfficeSettings: os.system.changeOfficeSettings.handler(({ input }) => {
        if (scenario === 'waiting' && office.version === input.version) {
          office = {
            ...office,
            version: office.version + 1,
            settings: { ...office.settings, brakeRows: 35, deltaSeconds: 60 },
          };
          throw new ORPCError('CONFLICT', { message: 'Erik changed the settings meanwhile.' });
        }
        const defined = Object.fromEntries(
          Object.entries(input.patch).filter(([, value]) => value !== undefined),
        );
        office = { ...office, version: office.version + 1, settings: { ...office.settings, ...defined } };
        return office;
      }),
      consoleSettings: os.system.consoleSettings.handler(() => answer(() => settings)),
      changeConsoleSettings: os.system.changeConsoleSettings.handler(({ input }) => {
        settings = {
          ...settings,
          ...Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)),
        };
        return settings;
      }),
      openLogFolder: os.system.openLogFolder.handler(() => ({ opened: false })),
      invalidateCache: os.system.invalidateCache.handler(() => ({ success: true })),
    },
    wallWindow: {
      state: os.wallWindow.state.handler(wallState),
      open: os.wallWindow.open.handler(() => {
        wallOpen = true;
        changes.tell({ type: 'wall' });
        return wallState();
      }),
      close: os.wallWindow.close.handler(() => {
        wallOpen = false;
        changes.tell({ type: 'wall' });
        return wallState();
      }),
      testSound: os.wallWindow.testSound.handler(() => ({ played: wallOpen })),
      rehearse: os.wallWindow.rehearse.handler(() => ({ shown: wallOpen })),
      media: os.wallWindow.media.handler(() => ({
        folder: '/home/anna/.local/share/opsdeck/wall-media',
        used: [
          { name: '901.mp3', user_id: '901', kind: 'sound' as const },
          { name: '901.jpg', user_id: '901', kind: 'picture' as const },
        ],
        refused: [
          { name: 'erik.mp3', reason: 'name' as const },
          { name: '902.png', reason: 'kind' as const },
        ],
      })),
      openMediaFolder: os.wallWindow.openMediaFolder.handler(() => ({ opened: true })),
    },
    wallPreview: createFakePreview(scenario, () => settings),
  });
}

/** Two displays with a name, as an office has them; a third that was chosen may be gone. */
function fakeWallState(open: boolean, wanted: ConsoleSettings['wallDisplay']): WallWindowState {
  const displays = [
    { label: 'DELL U2720Q', x: 0, y: 0, width: 2560, height: 1440, primary: true },
    { label: 'SAMSUNG 65"', x: 2560, y: 0, width: 3840, height: 2160, primary: false },
  ];
  const found = displays.findIndex(({ label }) => label === wanted?.label);
  return {
    ...{ open, displays, shown_on: Math.max(0, found), stand_in: wanted !== null && found < 0 },
    pulse: open
      ? { state: 'alive', silent_ms: 3_200, memory_mb: 143, recovered: 1, renewed: 0 }
      : { state: 'closed', silent_ms: null, memory_mb: null, recovered: 0, renewed: 0 },
  };
}
