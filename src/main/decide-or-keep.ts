import { randomUUID } from 'node:crypto';
import type { DuplicateDecision } from '../shared/contract/duplicates.ts';
import { resolve as resolveNow, resolveMany as resolveManyNow } from './deals/answer-duplicates.ts';
import type { DuplicateChoice } from './deals/resolve-duplicate.ts';
import { OpsdeckError } from './errors.ts';
import type { ConsoleServices } from './services.ts';

/** True for failures that mean: not now, whatever was asked. */
export function isAway(error: unknown): boolean {
  return (
    error instanceof OpsdeckError &&
    ['DATABASE_AWAY', 'DATABASE_REFUSED', 'SCHEMA_NEWER'].includes(error.code)
  );
}

/**
 * A person's decision on one case: carried out at once, or kept on disk when the database is away, also when it went
 * away under the decision and nobody knows whether it took it. Either way it is done once.
 */
export async function resolve(
  services: ConsoleServices,
  choice: DuplicateChoice,
): Promise<DuplicateDecision> {
  const { operator } = services.config;
  const decisionId = randomUUID();
  const operations = services.running();
  if (operations && operations.awaySince() === null) {
    refuseWaiting(services, choice.id);
    try {
      return await resolveNow(operations, operator, decisionId, choice);
    } catch (error) {
      if (!isAway(error)) throw error;
    }
  }
  return keep(services, decisionId, choice);
}

/** The same decision on many cases, each by itself; once one had to be kept, so are the others. */
export async function resolveMany(
  services: ConsoleServices,
  input: Omit<DuplicateChoice, 'id' | 'version'> & { cases: readonly { id: number; version: number }[] },
): Promise<{ decided: DuplicateDecision[]; refused: { id: number; message: string }[] }> {
  let isOut = false;
  return resolveManyNow(async (choice) => {
    const answer = isOut ? await keep(services, randomUUID(), choice) : await resolve(services, choice);
    isOut ||= answer.queued === true;
    return answer;
  }, input);
}

/** Takes a settled decision off the list. CONFLICT while it waits: it will be sent. */
export function dismiss(services: ConsoleServices, decisionId: string): { dismissed: boolean } {
  if (services.outbox.dismiss(decisionId)) return { dismissed: true };
  throw new OpsdeckError('CONFLICT', 'This decision still waits to be sent, or is not listed any more.');
}

async function keep(
  services: ConsoleServices,
  decisionId: string,
  choice: DuplicateChoice,
): Promise<DuplicateDecision> {
  const databaseId = services.databaseId();
  if (databaseId === null) {
    // Never connected from here, so that nobody knows which database the case is of: says why there is none.
    await services.operations();
    throw new OpsdeckError('DATABASE_AWAY', 'The database came back this very moment. Decide again.');
  }
  const { id, version, action, note, fields } = choice;
  services.outbox.keep(
    databaseId,
    {
      kind: 'decision',
      id,
      version,
      action,
      ...(note?.trim() ? { note: note.trim() } : {}),
      ...(fields ? { fields: [...fields] } : {}),
      actor: services.config.operator,
      console: services.holder,
      seen: services.kept.seen(id),
    },
    decisionId,
  );
  services.sendKept();
  return { id, action, version, new_deal_id: null, queued: true };
}

function refuseWaiting(services: ConsoleServices, id: number): void {
  const databaseId = services.databaseId();
  if (databaseId === null || !services.outbox.waitingCases(databaseId).has(id)) return;
  services.sendKept();
  throw new OpsdeckError(
    'CONFLICT',
    `Case ${id} was decided on this console already, and that decision is just being sent. Look at the case again.`,
  );
}
