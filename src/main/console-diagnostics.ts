import type { PreparedDiagnostics } from '../shared/contract/diagnostics.ts';
import * as sync from './deals/answer-sync.ts';
import { makeDiagnostics } from './diagnostics.ts';
import { OpsdeckError } from './errors.ts';
import * as performance from './performance-answers.ts';
import type { ConsoleServices } from './services.ts';
import { bundleName, type Bundle } from './system/diagnostics/make-bundle.ts';

/** The diagnostics file of a console: made and told first, then saved as it was told. */
export interface ConsoleDiagnostics {
  prepare(): Promise<PreparedDiagnostics>;
  save(id: string): Promise<{ path: string | null; bytes: number }>;
}

export function consoleDiagnostics(services: ConsoleServices): ConsoleDiagnostics {
  let latest: Bundle | null = null;
  let making: Promise<PreparedDiagnostics> | null = null;
  async function make(): Promise<PreparedDiagnostics> {
    latest = await makeDiagnostics({
      config: services.config,
      clock: services.desktop.clock,
      workspace: async () => (await started(services)).workspace,
      names: () => keptNames(services),
      own: {
        console: () => consoleFacts(services),
        performance: async () => performance.view(await started(services), services.times),
        upstreams: async () => sync.state(await started(services)),
      },
    });
    return latest.told;
  }
  return {
    prepare: () => (making ??= make().finally(() => (making = null))),
    async save(id) {
      if (latest?.told.id !== id)
        throw new OpsdeckError(
          'NOT_FOUND',
          'This file was made anew meanwhile. Look at it again, then save it.',
        );
      const { told, zip } = latest;
      const path = await services.desktop.saveFile(bundleName(told.made_at), zip);
      return { path, bytes: told.bytes };
    },
  };
}

/** What runs, or why nothing does: a start that fails is tried for ever, and not waited for here. */
async function started(services: ConsoleServices) {
  const operations = services.running();
  if (operations) return operations;
  const why = services.failedSince()?.message ?? 'The program has not reached its database yet.';
  throw new OpsdeckError('DATABASE_AWAY', why);
}

function consoleFacts(services: ConsoleServices) {
  const { desktop, mirror, outbox, health } = services;
  const operations = services.running();
  const identity = services.identity();
  return {
    settings: desktop.consoleSettings.get(),
    wall: desktop.wall.state(),
    http: services.http.state(),
    databaseAwaySince: operations?.awaySince() ?? services.failedSince()?.at ?? null,
    leader: operations?.leader.state() ?? null,
    mirrorConfirmedAt: mirror.confirmedAt(),
    waitsToBeSent: {
      decisions: outbox.list(identity).filter(({ state }) => state === 'waiting').length,
      accounts: outbox.listAccounts(identity).length,
      healthEvents: health.waiting().length,
      deals: operations?.reading?.waiting() ?? 0,
    },
  };
}

/** Agents as the local copy knows them. */
function keptNames({ kept }: ConsoleServices): string[] {
  return kept.today(new Set())?.board.map(({ name }) => name) ?? [];
}
