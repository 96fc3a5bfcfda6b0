import { randomUUID } from 'node:crypto';
import type { DuplicateDecision } from '../shared/contract/duplicates.ts';
import {
  resolve as resolveNow,
  resolveMany as resolveManyNow,
  undo as undoNow,
} from './deals/answer-duplicates.ts';
import { epochOf } from './database-identity.ts';
import type { DuplicateChoice } from './deals/resolve-duplicate.ts';
import { OpsdeckError } from './errors.ts';
import type { DecisionPayload } from './outbox/kept-decision.ts';
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
  // The life it was looked at in, whatever happens to the database meanwhile.
  const identity = services.identity();
  const decision = payloadOf(services, choice);
  if (operations && identity !== null && operations.awaySince() === null) {
    refuseWaiting(services, choice.id);
    try {
      const answer = await resolveNow(operations, operator, decisionId, choice, epochOf(identity));
      noteDone(services, identity, decisionId, decision, answer.version);
      return answer;
    } catch (error) {
      if (!isAway(error)) throw error;
    }
  }
  return keep(services, identity, decisionId, decision);
}

/** The same decision on many cases, each by itself; once one had to be kept, so are the others. */
export async function resolveMany(
  services: ConsoleServices,
  input: Omit<DuplicateChoice, 'id' | 'version'> & { cases: readonly { id: number; version: number }[] },
): Promise<{ decided: DuplicateDecision[]; refused: { id: number; message: string }[] }> {
  let isOut = false;
  return resolveManyNow(async (choice) => {
    const answer = isOut
      ? await keep(services, services.identity(), randomUUID(), payloadOf(services, choice))
      : await resolve(services, choice);
    isOut ||= answer.queued === true;
    return answer;
  }, input);
}

/** Takes a settled decision off the list. CONFLICT while it waits: it will be sent. */
export function dismiss(services: ConsoleServices, decisionId: string): { dismissed: boolean } {
  if (services.outbox.dismiss(decisionId)) return { dismissed: true };
  throw new OpsdeckError('CONFLICT', 'This decision still waits to be sent, or is not listed any more.');
}

/** Takes a decision back; a restore that undoes it later does not bring it up any more. */
export async function undo(
  services: ConsoleServices,
  asked: { id: number; version: number },
): Promise<DuplicateDecision> {
  const undone = await undoNow(await services.operations(), services.config.operator, asked);
  const identity = services.identity();
  if (identity !== null) noted(services, () => services.outbox.forgetDone(identity, asked.id));
  return undone;
}

/** Makes a decision that a restore undid once more. */
export function sendAgain(services: ConsoleServices, decisionId: string): { decision_id: string } {
  const identity = services.identity();
  if (identity === null) throw new OpsdeckError('DATABASE_AWAY', 'The database was not reached yet.');
  const again = services.outbox.sendAgain(identity, decisionId);
  services.sendKept();
  return { decision_id: again };
}

function payloadOf(services: ConsoleServices, choice: DuplicateChoice): DecisionPayload {
  const { id, version, action, note, fields } = choice;
  return {
    kind: 'decision',
    id,
    version,
    action,
    ...(note?.trim() ? { note: note.trim() } : {}),
    ...(fields ? { fields: [...fields] } : {}),
    actor: services.config.operator,
    console: services.holder,
    seen: services.kept.seen(id),
  };
}

function noteDone(
  services: ConsoleServices,
  identity: string,
  decisionId: string,
  decision: DecisionPayload,
  version: number,
): void {
  const outcome = { by: null, resolution: null, at: null, version, now: null };
  noted(services, () =>
    services.outbox.noteDone(identity, decisionId, decision, { ...outcome, kind: 'done', message: '' }),
  );
}

/** What is done is done, also where its note for a later restore cannot be written. */
function noted(services: ConsoleServices, write: () => void): void {
  try {
    write();
  } catch (error) {
    services.desktop.log.warn('A decision could not be noted on this computer', { error });
  }
}

async function keep(
  services: ConsoleServices,
  identity: string | null,
  decisionId: string,
  decision: DecisionPayload,
): Promise<DuplicateDecision> {
  if (identity === null) {
    // Never connected from here, so that nobody knows which database the case is of: says why there is none.
    await services.operations();
    throw new OpsdeckError('DATABASE_AWAY', 'The database came back this very moment. Decide again.');
  }
  services.outbox.keep(identity, decision, decisionId);
  services.sendKept();
  const { id, action, version } = decision;
  return { id, action, version, new_deal_id: null, queued: true };
}

function refuseWaiting(services: ConsoleServices, id: number): void {
  const identity = services.identity();
  if (identity === null || !services.outbox.waitingCases(identity).has(id)) return;
  services.sendKept();
  throw new OpsdeckError(
    'CONFLICT',
    `Case ${id} was decided on this console already, and that decision is just being sent. Look at the case again.`,
  );
}
