import { implement } from '@orpc/server';
import type { BoardView } from '../../shared/contract/boards.ts';
import type { HeldRemoval } from '../../shared/contract/sync.ts';
import { httpContract } from '../../shared/contract/http/http-contract.ts';
import { addAccount } from '../add-account.ts';
import * as boards from '../deals/answer-boards.ts';
import * as duplicates from '../deals/answer-duplicates.ts';
import * as sync from '../deals/answer-sync.ts';
import { liveOrKept } from '../live-or-kept.ts';
import type { Operations } from '../operations.ts';
import { accessOf } from '../packages/package-access.ts';
import * as packages from '../packages/http-shapes.ts';
import { getMode, setMode } from '../system/answer-mode.ts';
import { healthEventsPage, keptEvents } from './answer-health-events.ts';
import { resolveCase, undoCase } from './answer-cases.ts';
import {
  checkPackage,
  decidePackages,
  heldPackages,
  orderForScript,
  syncPackages,
} from './answer-packages-paths.ts';
import { syncDatabase } from './answer-sync-database.ts';
import { createSyncStatus } from './answer-sync-status.ts';
import { closedCaseOf, pendingCaseOf } from './case-shapes.ts';
import type { HttpContext, HttpServices } from './http-services.ts';

const success = true as const;
type HeldList = (HeldRemoval | Awaited<ReturnType<typeof heldPackages>>[number])[];

/** Path of the HTTP API → the function that answers windows, one line each, in the shapes that scripts know. */
export function createHttpRouter(services: HttpServices) {
  const os = implement(httpContract).$context<HttpContext>();
  const running = () => services.operations();
  const access = async ({ actor }: HttpContext) => accessOf(await running(), actor);
  const waitingHere = () => services.waitingHere();
  const { kept } = services;
  const syncStatus = createSyncStatus(services);

  /** From the database, or as last known, which the answer then says. */
  const or = <T>(
    { reply }: HttpContext,
    live: (operations: Operations) => Promise<T>,
    old: () => T | null,
  ): Promise<T> =>
    liveOrKept(services, live, () => {
      const known = old();
      if (known !== null) reply.asOf = services.mirror.confirmedAt();
      return known;
    });

  return os.router({
    accounts: {
      add: os.accounts.add.handler(async ({ input, context: { actor }, signal }) => {
        const answer = await addAccount(services, input, actor, signal);
        const body = { ...answer, skipped: answer.result === 'skipped' };
        const isDone = answer.result !== 'queued' && answer.result !== 'kept';
        return { status: isDone ? (200 as const) : (202 as const), body };
      }),
    },
    duplicates: {
      pending: os.duplicates.pending.handler(async ({ input, context }) => {
        const page = { limit: input.limit ?? 10_000, offset: input.offset ?? 0, search: input.search };
        const found = await or(
          context,
          (operations) => duplicates.pending(operations, page, waitingHere()),
          () => kept.pending(page, waitingHere()),
        );
        return { success, pending: found.pending.map(pendingCaseOf), count: found.count };
      }),
      history: os.duplicates.history.handler(async ({ input: { limit = 100, page = 1, ...filter } }) => {
        const { resolution } = filter;
        const { closed, count } = await duplicates.history(await running(), {
          ...filter,
          resolution: resolution === 'all' ? undefined : resolution,
          ...(resolution === undefined ? { status: 'resolved' as const } : {}),
          limit,
          offset: (page - 1) * limit,
        });
        return {
          success,
          history: closed.map(closedCaseOf),
          count,
          next: page * limit < count ? page + 1 : null,
        };
      }),
      case: os.duplicates.case.handler(async ({ input, context }) => ({
        success,
        ...(await or(
          context,
          (operations) => duplicates.oneCase(operations, input.id),
          () => kept.case(input.id),
        )),
      })),
      resolve: os.duplicates.resolve.handler(({ input, context }) => resolveCase(services, context, input)),
      undo: os.duplicates.undo.handler(({ input, context }) => undoCase(services, context, input)),
    },
    mode: {
      get: os.mode.get.handler(({ context }) =>
        or(context, ({ workspace }) => getMode(workspace.accounts), kept.mode),
      ),
      set: os.mode.set.handler(async ({ input: { mode }, context: { actor } }) => {
        const { accounts, holder } = (await running()).workspace;
        return setMode(accounts, { mode, confirmed: true }, { actor, console: holder });
      }),
    },
    packages: {
      health: os.packages.health.handler(async ({ context }) => packages.healthShape(await access(context))),
      syncStatus: os.packages.syncStatus.handler(async ({ context }) =>
        packages.syncStatusShape(await access(context)),
      ),
      validate: os.packages.validate.handler(async ({ context }) =>
        packages.validateShape(await access(context)),
      ),
      invalid: os.packages.invalid.handler(async ({ input: { limit = 500, offset = 0 }, context }) =>
        packages.invalidShape(await access(context), { limit, offset }),
      ),
      sync: os.packages.sync.handler(async () => syncPackages(await running())),
      syncPackages: os.packages.syncPackages.handler(async () => syncPackages(await running())),
      clearCache: os.packages.clearCache.handler(async ({ context }) =>
        packages.clearCacheShape(await access(context)),
      ),
      deduplicate: os.packages.deduplicate.handler(async ({ input, context }) =>
        packages.deduplicateShape(await access(context), input.dryRun === true),
      ),
      check: os.packages.check.handler(async ({ input, context: { actor } }) =>
        checkPackage(await running(), input.package, actor),
      ),
      order: os.packages.order.handler(async ({ input, context: { actor } }) =>
        orderForScript(await running(), input, actor),
      ),
    },
    sync: {
      resync: os.sync.resync.handler(async ({ input }) => syncDatabase(await running(), input)),
      status: os.sync.status.handler(({ context }) => syncStatus(context)),
      held: os.sync.held.handler(async ({ context }) => {
        const held = await or<HeldList>(
          context,
          async (operations) => [...(await sync.held(operations)), ...(await heldPackages(operations))],
          kept.held,
        );
        return { success, held, count: held.length };
      }),
      decideHeld: os.sync.decideHeld.handler(async ({ input, context: { actor } }) => {
        const operations = await running();
        const ofPackages = await decidePackages(operations, input, actor);
        return {
          success,
          ...(ofPackages ?? (await sync.decide(operations, { ...input, actor }, undefined))),
        };
      }),
      invalidate: os.sync.invalidate.handler(async () => {
        await (await running()).invalidate();
        return { success };
      }),
      leaderboard: os.sync.leaderboard.handler(async ({ input: { period = 'today', by }, context }) => {
        const board = await or<BoardView>(
          context,
          (operations) => boards.board(operations, period),
          () => kept.board(period),
        );
        return by === 'groups' ? board.groups : board.agents;
      }),
    },
    system: {
      health: os.system.health.handler(() => ({ status: 'ok' as const })),
      healthEvents: os.system.healthEvents.handler(({ input, context }) =>
        or(
          context,
          (operations) => healthEventsPage(operations, input),
          () => keptEvents(kept.timeline(), input),
        ),
      ),
    },
  });
}
