import { randomUUID } from 'node:crypto';
import type { DuplicateAction, DuplicateField } from '../../shared/contract/duplicates.ts';
import * as duplicates from '../deals/answer-duplicates.ts';
import { caseById } from '../deals/cases-store.ts';
import { noSuchCase } from '../deals/refuse-decision.ts';
import { undoDuplicate } from '../deals/undo-duplicate.ts';
import { forgetDone, resolveAs } from '../decide-or-keep.ts';
import { isAway, OpsdeckError } from '../errors.ts';
import { noteWith } from './case-shapes.ts';
import type { HttpContext, HttpServices } from './http-services.ts';

interface AskedDecision {
  id: number;
  action: DuplicateAction;
  note?: string | undefined;
  adminName?: string | undefined;
  version?: number | undefined;
  fields?: DuplicateField[] | undefined;
}

/** Decides a case for the owner of the token, once for each key; keeps the decision while the database is away. */
export async function resolveCase(services: HttpServices, context: HttpContext, asked: AskedDecision) {
  const decisionId = decisionIdOf(services, context);
  const waiting = keptBefore(services, decisionId);
  if (waiting) return keptAnswer(asked.id, asked.action, asked.version ?? 0, decisionId);
  const note = noteWith(asked.note, asked.adminName);
  if (note !== undefined && note.length > 2_000)
    throw new OpsdeckError('BAD_REQUEST', 'note and adminName together may have at most 2000 characters.');
  const version = asked.version ?? (await presentVersion(services, asked.id));
  const { decision, message } = await resolveAs(
    services,
    { actor: context.actor, decisionId },
    { id: asked.id, version, action: asked.action, note, fields: asked.fields },
  );
  if (message === null) return keptAnswer(asked.id, decision.action, version, decisionId);
  return { status: 200 as const, body: { success: true as const, action: decision.action, message } };
}

/** Takes a decision back. */
export async function undoCase(
  services: HttpServices,
  context: HttpContext,
  asked: { id: number; version?: number | undefined },
) {
  const operations = await services.operations();
  const row = asked.version === undefined ? await caseById(operations.workspace.database, asked.id) : null;
  if (asked.version === undefined && !row) throw noSuchCase(asked.id);
  const undone = await undoDuplicate(duplicates.decisionDeps(operations, context.actor), {
    id: asked.id,
    version: asked.version ?? row!.version,
  });
  forgetDone(services, asked.id);
  return { success: true as const, action: 'undo' as const, message: undone.message };
}

/** One that was kept for this key while the database was away goes on under the id that it has. */
function decisionIdOf(services: HttpServices, { request }: HttpContext): string {
  if (request === null) return randomUUID();
  return keptBefore(services, request.steadyId) === null ? request.id : request.steadyId;
}

/** True: it still waits; false: it was sent; null: it was never kept. */
function keptBefore(services: HttpServices, decisionId: string): boolean | null {
  const kept = services.outbox.list(services.identity()).find((one) => one.decision_id === decisionId);
  return kept ? kept.state === 'waiting' : null;
}

async function presentVersion(services: HttpServices, id: number): Promise<number> {
  const operations = services.running();
  try {
    if (operations && operations.awaySince() === null) {
      const row = await caseById(operations.workspace.database, id);
      if (!row) throw noSuchCase(id);
      return row.version;
    }
  } catch (error) {
    if (!isAway(error)) throw error;
  }
  const seen = services.kept.seen(id);
  if (seen) return seen.version;
  await services.operations();
  throw new OpsdeckError(
    'DATABASE_AWAY',
    `The database is away, and case ${id} is not known on this computer. Try again when it is back.`,
  );
}

function keptAnswer(id: number, action: string, version: number, decisionId: string) {
  return {
    status: 202 as const,
    body: {
      success: true as const,
      action,
      message: `The database is away. The decision on case ${id} is kept on this computer and carried out when it is back, if nothing changed the case meanwhile.`,
      queued: true as const,
      id,
      version,
      decision_id: decisionId,
    },
  };
}
