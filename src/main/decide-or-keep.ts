import { randomUUID } from 'node:crypto';
import type { DuplicateDecision } from '../shared/contract/duplicates.ts';
import { resolveMany as resolveManyNow, resolveSaying, undo as undoNow } from './deals/answer-duplicates.ts';
import { epochOf } from './database-identity.ts';
import type { DuplicateChoice } from './deals/resolve-duplicate.ts';
import { isAway, OpsdeckError } from './errors.ts';
import type { Log } from './log.ts';
import type { DecisionPayload } from './outbox/kept-decision.ts';
import type { ConsoleServices } from './services.ts';

/** What deciding, now or later, needs of the services. */
export type DecidingServices = Pick<
  ConsoleServices,
  'running' | 'operations' | 'outbox' | 'kept' | 'identity' | 'holder' | 'sendKept'
> & { log: Log };

/** Who decides; the id under which it is done once however often it is asked for. */
export interface Decider {
  actor: string;
  decisionId: string;
}

/**
 * A person's decision on one case: carried out at once, or kept on disk when the database is away, also when it went
 * away under the decision and nobody knows whether it took it. Either way it is done once.
 */
export async function resolve(
  services: ConsoleServices,
  choice: DuplicateChoice,
): Promise<DuplicateDecision> {
  return (await resolveAs(deciding(services), byOperator(services), choice)).decision;
}

/** The same for anybody, with what was done in a sentence; null: it was kept. */
export async function resolveAs(
  services: DecidingServices,
  { actor, decisionId }: Decider,
  choice: DuplicateChoice,
): Promise<{ decision: DuplicateDecision; message: string | null }> {
  const operations = services.running();
  // The life it was looked at in, whatever happens to the database meanwhile.
  const identity = services.identity();
  const decision = payloadOf(services, actor, choice);
  if (operations && identity !== null && operations.awaySince() === null) {
    refuseWaiting(services, choice.id);
    try {
      const done = await resolveSaying(operations, actor, decisionId, choice, epochOf(identity));
      noteDone(services, identity, decisionId, decision, done.decision.version);
      return done;
    } catch (error) {
      if (!isAway(error)) throw error;
    }
  }
  return { decision: await keep(services, identity, decisionId, decision), message: null };
}

/** The same decision on many cases, each by itself; once one had to be kept, so are the others. */
export async function resolveMany(
  services: ConsoleServices,
  input: Omit<DuplicateChoice, 'id' | 'version'> & { cases: readonly { id: number; version: number }[] },
): Promise<{ decided: DuplicateDecision[]; refused: { id: number; message: string }[] }> {
  let isOut = false;
  return resolveManyNow(async (choice) => {
    const answer = isOut
      ? await keep(
          deciding(services),
          services.identity(),
          randomUUID(),
          payloadOf(services, services.config.operator, choice),
        )
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
  forgetDone(deciding(services), asked.id);
  return undone;
}

/** What was taken back is not brought up by a restore any more. */
export function forgetDone(services: DecidingServices, id: number): void {
  const identity = services.identity();
  if (identity !== null) noted(services, () => services.outbox.forgetDone(identity, id));
}

/** Makes a decision that a restore undid once more. */
export function sendAgain(services: ConsoleServices, decisionId: string): { decision_id: string } {
  const identity = services.identity();
  if (identity === null) throw new OpsdeckError('DATABASE_AWAY', 'The database was not reached yet.');
  const again = services.outbox.sendAgain(identity, decisionId);
  services.sendKept();
  return { decision_id: again };
}

function deciding(services: ConsoleServices): DecidingServices {
  return { ...services, log: services.desktop.log };
}

function byOperator(services: ConsoleServices): Decider {
  return { actor: services.config.operator, decisionId: randomUUID() };
}

function payloadOf(
  services: Pick<ConsoleServices, 'holder' | 'kept'>,
  actor: string,
  choice: DuplicateChoice,
): DecisionPayload {
  const { id, version, action, note, fields } = choice;
  return {
    kind: 'decision',
    id,
    version,
    action,
    ...(note?.trim() ? { note: note.trim() } : {}),
    ...(fields ? { fields: [...fields] } : {}),
    actor,
    console: services.holder,
    seen: services.kept.seen(id),
  };
}

function noteDone(
  services: DecidingServices,
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
function noted(services: DecidingServices, write: () => void): void {
  try {
    write();
  } catch (error) {
    services.log.warn('A decision could not be noted on this computer', { error });
  }
}

async function keep(
  services: DecidingServices,
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

function refuseWaiting(services: DecidingServices, id: number): void {
  const identity = services.identity();
  if (identity === null || !services.outbox.waitingCases(identity).has(id)) return;
  services.sendKept();
  throw new OpsdeckError(
    'CONFLICT',
    `Case ${id} was decided on this console already, and that decision is just being sent. Look at the case again.`,
  );
}
