import { ORPCError } from '@orpc/server';
import type {
  ClosedDuplicate,
  DuplicateAction,
  DuplicateCase,
  DuplicateDecision,
  DuplicateField,
  DuplicateResolution,
  HistoryFilter,
  PendingDuplicate,
} from '../../../src/shared/contract/duplicates.ts';
import { makeEffects } from './make-duplicates.ts';

const becomes: Record<DuplicateAction, DuplicateResolution> = {
  approve: 'approved',
  replace: 'replaced',
  merge: 'merged',
  reject: 'rejected',
};
type Choice = { action: DuplicateAction; note?: string | undefined; fields?: DuplicateField[] | undefined };
type Page = { limit: number; offset: number };
type Trail = DuplicateCase['trail'];

const mentions = (duplicate: PendingDuplicate, search: string): boolean =>
  `${duplicate.lead_id} ${duplicate.existing?.agent} ${duplicate.incoming.agent} ${duplicate.incoming.campaign}`
    .toLowerCase()
    .includes(search.toLowerCase());

/** Main's side of the queue, in memory: versions, conflicts and undo as the contract says them. */
export function createFakeDuplicates(
  open: readonly PendingDuplicate[],
  closedBefore: readonly ClosedDuplicate[] = [],
  now: () => string = () => new Date().toISOString(),
) {
  let pending = [...open];
  let closed = [...closedBefore];
  const trails = new Map<number, Trail>();

  function remember(id: number, actor: string, action: Trail[number]['action'], note: string | null): void {
    const event = { at: now(), actor, console: 'console 4711@kontor-2', action, note };
    trails.set(id, [...(trails.get(id) ?? []), event]);
  }

  function refuse(id: number, version: number): PendingDuplicate {
    const row = pending.find((one) => one.id === id);
    if (row !== undefined && row.version === version) return row;
    const before = closed.find((one) => one.id === id);
    if (row === undefined && before === undefined)
      throw new ORPCError('NOT_FOUND', { message: `No case ${id}.` });
    throw new ORPCError('CONFLICT', {
      message:
        row === undefined
          ? `Case ${id} was ${before?.resolution ?? 'withdrawn'} already; nothing was done.`
          : `Case ${id} changed upstream since; nothing was done.`,
    });
  }

  function resolve(input: Choice & { id: number; version: number }, actor = 'anna'): DuplicateDecision {
    const row = refuse(input.id, input.version);
    const version = row.version + 1;
    pending = pending.filter((one) => one !== row);
    closed = [
      {
        ...row,
        version,
        status: 'resolved',
        resolution: becomes[input.action],
        resolved_at: now(),
        resolved_by: actor,
        note: input.note ?? null,
      },
      ...closed,
    ];
    remember(row.id, actor, input.action, input.note ?? null);
    const inserts = input.action === 'approve' || input.action === 'replace';
    return { id: row.id, action: input.action, version, new_deal_id: inserts ? 90_000 + row.id : null };
  }

  return {
    /** What somebody else does: another console, or upstream. */
    elsewhere: {
      resolve: (id: number, action: DuplicateAction) => {
        const row = pending.find((one) => one.id === id);
        if (row !== undefined) resolve({ id, version: row.version, action }, 'erik');
      },
      change: (id: number, changes: Partial<PendingDuplicate>) => {
        pending = pending.map((one) =>
          one.id === id ? { ...one, ...changes, version: one.version + 1 } : one,
        );
      },
      add: (duplicate: PendingDuplicate) => {
        pending = [...pending, duplicate];
      },
    },
    pending({ limit, offset, search = '' }: Page & { search?: string | undefined }) {
      const found = search === '' ? pending : pending.filter((one) => mentions(one, search));
      return { pending: found.slice(offset, offset + limit), count: found.length };
    },
    case(id: number): DuplicateCase {
      const before = closed.find((one) => one.id === id);
      const duplicate = pending.find((one) => one.id === id) ?? before;
      if (duplicate === undefined) throw new ORPCError('NOT_FOUND', { message: `No case ${id}.` });
      const isOpen = duplicate !== before;
      const told: Trail =
        before === undefined || before.resolved_by === null || before.resolution === null
          ? []
          : [
              {
                at: before.resolved_at,
                actor: before.resolved_by,
                console: 'console 118@reception',
                action:
                  (Object.keys(becomes) as DuplicateAction[]).find((a) => becomes[a] === before.resolution) ??
                  'approve',
                note: before.note,
              },
            ];
      return {
        duplicate,
        status: isOpen ? 'pending' : (before?.status ?? 'resolved'),
        resolution: isOpen ? null : (before?.resolution ?? null),
        resolved_at: isOpen ? null : (before?.resolved_at ?? null),
        resolved_by: isOpen ? null : (before?.resolved_by ?? null),
        effects: isOpen ? makeEffects(duplicate) : { approve: [], replace: [], merge: [], reject: [] },
        trail: trails.get(id) ?? told,
      };
    },
    resolve,
    resolveMany({ cases, ...choice }: Choice & { cases: { id: number; version: number }[] }) {
      const decided: DuplicateDecision[] = [];
      const refused: { id: number; message: string }[] = [];
      for (const one of cases) {
        try {
          decided.push(resolve({ ...choice, ...one }));
        } catch (error) {
          refused.push({ id: one.id, message: error instanceof Error ? error.message : '' });
        }
      }
      return { decided, refused };
    },
    undo({ id, version }: { id: number; version: number }): DuplicateDecision {
      const row = closed.find((one) => one.id === id);
      if (row === undefined) throw new ORPCError('NOT_FOUND', { message: `No decided case ${id}.` });
      if (row.version !== version || id % 13 === 12)
        throw new ORPCError('CONFLICT', {
          message: `Lead ${row.lead_id} has a later decision; undo that one first.`,
        });
      closed = closed.filter((one) => one !== row);
      const { status: _s, resolution: _r, resolved_at: _a, resolved_by: _b, note: _n, ...duplicate } = row;
      pending = [...pending, { ...duplicate, version: version + 1 }].sort((a, b) => a.id - b.id);
      remember(id, 'anna', 'undo', null);
      return { id, action: 'undo', version: version + 1, new_deal_id: null };
    },
    history({ limit, offset, search = '', resolution }: Page & HistoryFilter) {
      const found = closed.filter(
        (one) =>
          (search === '' || mentions(one, search) || (one.note ?? '').includes(search)) &&
          (resolution === undefined ||
            (resolution === 'withdrawn' ? one.status === 'withdrawn' : one.resolution === resolution)),
      );
      return { closed: found.slice(offset, offset + limit), count: found.length };
    },
  };
}
export type FakeDuplicates = ReturnType<typeof createFakeDuplicates>;
