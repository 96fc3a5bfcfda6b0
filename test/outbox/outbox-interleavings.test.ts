import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { KeptOutcome } from '../../src/shared/contract/outbox.ts';
import type { SendTo } from '../../src/main/outbox/send-outbox.ts';
import { databaseId, decision, openOutbox, round } from './outbox-office.ts';

/* OB-6: sending, somebody else's decisions and what a screen reads, in every order that a scheduler can think of. */

const runs = Number(process.env['OPSDECK_INTERLEAVINGS'] ?? 150);
const cases = [1, 2, 3];
const outcome = { message: '', by: null, resolution: null, at: null, version: null, now: null };

interface Office {
  target: SendTo;
  /** Who decided each case, and under which decision. */
  decided: Map<number, string[]>;
  applied: Map<string, KeptOutcome>;
}

/** A database that remembers decisions by their key; `remembers: false` is one that carries out whatever it is sent. */
function office(s: fc.Scheduler, lost: Iterator<boolean>, remembers: boolean): Office {
  const decided = new Map<number, string[]>();
  const applied = new Map<string, KeptOutcome>();
  const answer = async <T>(value: T): Promise<T> => {
    await s.schedule(Promise.resolve(), 'the answer');
    if (lost.next().value === true) throw new Error('The answer was lost.');
    return value;
  };
  const target: SendTo = {
    databaseId,
    async send(id, { id: caseId }) {
      await s.schedule(Promise.resolve(), 'the way there');
      const before = remembers ? applied.get(id) : undefined;
      const taken = remembers && !before && decided.has(caseId);
      const now: KeptOutcome = before ?? { ...outcome, kind: taken ? 'decided' : 'done' };
      if (!before && !taken) decided.set(caseId, [...(decided.get(caseId) ?? []), id]);
      applied.set(id, now);
      return answer(now);
    },
    find: (id) => answer(applied.get(id) ?? null),
    giveUp: (id) => answer(applied.get(id) ?? null),
  };
  return { target, decided, applied };
}

async function play(s: fc.Scheduler, losses: readonly boolean[], remembers = true): Promise<string[]> {
  const wrong: string[] = [];
  const { outbox, durable, path } = openOutbox();
  const { target, decided, applied } = office(s, losses[Symbol.iterator](), remembers);
  const steps = s.scheduleSequence([
    ...cases.map((id) => async () => {
      try {
        outbox.keep(databaseId, decision({ id, version: 1 }));
      } catch (error) {
        wrong.push(String(error));
      }
      return Promise.resolve();
    }),
    async () => {
      if (!decided.has(2)) decided.set(2, ['somebody else']);
      return Promise.resolve();
    },
  ]);
  const looks = Array.from({ length: 4 }, () =>
    s.schedule(Promise.resolve(), 'a screen looks').then(() => {
      for (const { duplicate_id: id, state } of outbox.list(databaseId)) {
        const isDecided = decided.has(id!);
        if (state === 'applied' && !isDecided) wrong.push(`case ${id} is shown as decided and is not`);
        if ((state === 'waiting') !== outbox.waitingCases(databaseId).has(id!))
          wrong.push(`case ${id} is ${state}, and the queue says otherwise`);
      }
    }),
  );
  const sending = [1, 2, 3].map(() =>
    s.schedule(Promise.resolve(), 'sending begins').then(() => round(outbox, target)),
  );
  await s.waitFor(Promise.all([steps.task, ...looks, ...sending]));
  for (let rounds = 0; rounds < 30 && outbox.waitingCases(databaseId).size > 0; rounds += 1)
    await s.waitFor(round(outbox, target));

  if (outbox.waitingCases(databaseId).size > 0) wrong.push('something waits for ever');
  for (const [id, by] of decided) if (by.length > 1) wrong.push(`case ${id} was decided ${by.length} times`);
  for (const { decision_id: id, duplicate_id: of, state } of outbox.list(databaseId))
    if ((state === 'applied') !== (applied.get(id)?.kind === 'done'))
      wrong.push(`the decision on case ${of} is shown as ${state}`);
  durable.close();
  rmSync(dirname(path), { recursive: true, force: true });
  return wrong;
}

const losses = fc.array(fc.boolean(), { maxLength: 8 });

it(`sends each kept decision once and shows it as it is (${runs} orders)`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), losses, async (s, lost) => {
      expect(await play(s, lost)).toEqual([]);
    }),
    { numRuns: runs },
  );
}, 300_000);

it('finds a database that carries out whatever it is sent (the naive one)', async () => {
  await expect(
    fc.assert(
      fc.asyncProperty(fc.scheduler(), losses, async (s, lost) => {
        expect(await play(s, lost, false)).toEqual([]);
      }),
      { numRuns: 60, endOnFailure: true },
    ),
  ).rejects.toThrow('Property failed');
}, 120_000);
