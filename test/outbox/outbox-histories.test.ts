import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { duplicateAction, type DuplicateAction } from '../../src/shared/contract/duplicates.ts';
import { resolveDuplicate } from '../../src/main/deals/resolve-duplicate.ts';
import { OpsdeckError } from '../../src/main/errors.ts';
import { mostTries, type SendTo } from '../../src/main/outbox/send-outbox.ts';
import { verifyAudit } from '../../src/main/system/audit.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import {
  databaseId,
  decision,
  faulty,
  makeLeads,
  noon,
  openCases,
  openOutbox,
  round,
  sendTo,
  zone,
  type Fault,
} from './outbox-office.ts';

/*
 * Two to five consoles that decide while the database is away, and send when it is back: over answers that are lost,
 * transactions that are rolled back, restarts, people who decide meanwhile, and cases that change or go. Whatever the
 * history, each kept decision ends, none is done twice, and each was done on the version that was looked at.
 */

const runs = Number(process.env['OPSDECK_OUTBOX_HISTORIES'] ?? 300);
const seed = Number(process.env['OPSDECK_OUTBOX_SEED'] ?? Date.now() % 1_000_000);

type Step =
  | { do: 'decide'; console: number; on: number; action: DuplicateAction; stale: boolean }
  | { do: 'send'; console: number; faults: Fault[] }
  | { do: 'restart'; console: number }
  | { do: 'online'; on: number; action: DuplicateAction }
  | { do: 'revise' | 'withdraw' | 'lose-deal'; on: number };

/** Many histories use the first two only, so that they meet more often. */
const whichConsole = fc.oneof(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 4 }));
const which = fc.integer({ min: 0, max: 2 });
const action = fc.constantFrom(...duplicateAction.options);
const fault = fc.constantFrom<Fault>('none', 'lost', 'lost', 'rollback', 'away');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('decide' as const),
      console: whichConsole,
      on: which,
      action,
      stale: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      console: whichConsole,
      faults: fc.array(fault, { maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), console: whichConsole }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('online' as const), on: which, action }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('revise' as const, 'withdraw' as const, 'lose-deal' as const),
      on: which,
    }),
  },
);

let database: TestDatabase;
let consoles: ReturnType<typeof openOutbox>[];
let faults = 0;
beforeAll(async () => {
  database = await createTestDatabase();
  await makeLeads(database);
  consoles = Array.from({ length: 5 }, () => openOutbox());
});
afterAll(async () => {
  for (const { durable } of consoles) durable.close();
  await database.drop();
});

interface Made {
  console: number;
  decisionId: string;
  on: number;
  version: number;
}

/** Plays one history and says what is wrong with how it ended; nothing when all is well. */
async function play(
  steps: readonly Step[],
  target: (database: TestDatabase, faults: Fault[]) => SendTo,
): Promise<string[]> {
  const cases = await openCases(database, 3);
  const ids = cases.map((one) => one.id);
  const looked = new Map(ids.map((id) => [id, 1]));
  const made: Made[] = [];
  let online = 0;
  const versionOf = async (id: number) =>
    (await database.query<{ version: number }>('select version from pending_duplicates where id = $1', [id]))
      .rows[0]!.version;

  for (const one of steps) {
    if (one.do === 'decide') {
      const { id } = cases[one.on]!;
      const version = one.stale ? looked.get(id)! : await versionOf(id);
      looked.set(id, version);
      try {
        const actor = `actor ${one.console}`;
        const decisionId = consoles[one.console]!.outbox.keep(
          databaseId,
          decision({ id, version }, one.action, actor),
        );
        made.push({ console: one.console, decisionId, on: id, version });
      } catch (error) {
        if (!(error instanceof OpsdeckError) || error.code !== 'CONFLICT') throw error;
      }
    } else if (one.do === 'send') {
      faults += one.faults.filter((name) => name !== 'none').length;
      await round(consoles[one.console]!.outbox, target(database, [...one.faults]));
    } else if (one.do === 'restart') consoles[one.console]!.durable.close();
    else if (one.do === 'online') {
      const { id } = cases[one.on]!;
      const choice = { id, version: await versionOf(id), action: one.action };
      const deps = {
        database,
        clock: { now: () => noon } as never,
        timeZone: zone,
        actor: 'online',
        console: 'x',
      };
      await resolveDuplicate(deps, choice).then(
        () => (online += 1),
        (error: unknown) => {
          if (!(error instanceof OpsdeckError)) throw error;
        },
      );
    } else await change(one.do, cases[one.on]!.id);
  }
  for (let rounds = 0; rounds <= mostTries; rounds += 1)
    for (const { outbox } of consoles) await round(outbox, target(database, []));
  return judge(ids, made, online);
}

async function change(what: 'revise' | 'withdraw' | 'lose-deal', id: number): Promise<void> {
  if (what === 'lose-deal')
    await database.query(
      `delete from deals where lead_id = (select lead_id from pending_duplicates where id = $1) and follows`,
      [id],
    );
  else
    await database.query(
      `update pending_duplicates set version = version + 1, status = $2 where id = $1 and status = 'pending'`,
      [id, what === 'revise' ? 'pending' : 'withdrawn'],
    );
}

async function judge(ids: number[], made: Made[], online: number): Promise<string[]> {
  const wrong: string[] = [];
  const audit = await database.query<{ target: string; version: number; actor: string }>(
    `select target, (before->>'version')::int as version, actor from audit_log where target = any ($1)`,
    [ids.map((id) => `duplicate:${id}`)],
  );
  const applied = await database.query<{ id: string }>(
    'select decision_id as id from applied_decisions where duplicate_id = any ($1::bigint[])',
    [ids],
  );
  const appliedIds = new Set(applied.rows.map((row) => row.id));
  for (const id of ids) {
    const done = audit.rows.filter((row) => row.target === `duplicate:${id}`).length;
    if (done > 1) wrong.push(`case ${id} was decided ${done} times`);
  }
  const inserted = await database.query<{ lead: string; deals: number; allowed: number }>(
    `select p.lead_id as lead, (select count(*)::int from deals d where d.lead_id = p.lead_id) as deals,
            case when p.resolution in ('approved', 'replaced') then 2 else 1 end as allowed
       from pending_duplicates p where p.id = any ($1::bigint[])`,
    [ids],
  );
  for (const row of inserted.rows)
    if (row.deals > row.allowed) wrong.push(`lead ${row.lead} has ${row.deals} deals`);
  if (audit.rows.length !== appliedIds.size + online)
    wrong.push('effects without a decision, or the other way round');
  for (const one of made) {
    const kept = consoles[one.console]!.outbox.list(databaseId).find(
      (row) => row.decision_id === one.decisionId,
    );
    if (!kept) wrong.push('a kept decision was lost');
    else if (kept.state === 'waiting') wrong.push(`a decision waits still: ${kept.tries} tries`);
    else {
      const isDone = kept.outcome?.kind === 'done';
      if (isDone !== appliedIds.has(one.decisionId))
        wrong.push(`told ${kept.outcome?.kind}, which is not so`);
      const effect = audit.rows.find(
        (row) => row.target === `duplicate:${one.on}` && row.actor === `actor ${one.console}`,
      );
      if (isDone && effect?.version !== one.version) wrong.push('done on another version than was looked at');
    }
  }
  return wrong;
}

const whole = (given: TestDatabase, list: Faults) => sendTo(faulty(given, list));
type Faults = Fault[];
const property = (target: (database: TestDatabase, faults: Fault[]) => SendTo) =>
  fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 14 }), async (steps) => {
    const wrong = await play(steps, target);
    if (wrong.length > 0) throw new Error(wrong.join('; '));
  });

describe('decisions kept while the database was away (OB-1)', () => {
  it('each ends, once, on the version that was looked at, whatever happens on the way', async () => {
    await fc.assert(property(whole), { numRuns: runs, seed });
    console.log(`outbox histories: ${runs}, seed ${seed}, faults injected: ${faults}`);
    expect(await verifyAudit(database)).toMatchObject({ ok: true });
  }, 600_000);

  it('fails for a sender without an id, which tells of a decision that it lost the answer of as refused', async () => {
    const naive = (given: TestDatabase, list: Fault[]): SendTo => ({
      ...whole(given, list),
      send: async (_id, payload) => {
        const deps = {
          database: faulty(given, list),
          clock: { now: () => noon } as never,
          timeZone: zone,
          actor: payload.actor,
          console: 'x',
        };
        const { id, version } = payload;
        return resolveDuplicate(deps, { id, version, action: payload.action }).then(
          (done) => ({ ...nothing, kind: 'done' as const, message: done.message, version: done.version }),
          (error: unknown) => {
            if (error instanceof OpsdeckError && error.code !== 'DATABASE_AWAY')
              return { ...nothing, kind: 'refused' as const, message: error.message };
            throw error;
          },
        );
      },
      find: () => Promise.resolve(null),
      giveUp: () => Promise.resolve(null),
    });
    expect((await fc.check(property(naive), { numRuns: 100, seed, endOnFailure: true })).failed).toBe(true);
  }, 120_000);

  it('fails for a sender that decides on whatever version it finds', async () => {
    const blind = (given: TestDatabase, list: Fault[]): SendTo => {
      const target = whole(given, list);
      return {
        ...target,
        send: async (id, payload) => {
          const now = await given.query<{ version: number }>(
            'select version from pending_duplicates where id = $1',
            [payload.id],
          );
          return target.send(id, { ...payload, version: now.rows[0]!.version });
        },
      };
    };
    expect((await fc.check(property(blind), { numRuns: 200, seed, endOnFailure: true })).failed).toBe(true);
  }, 120_000);
});

const nothing = { by: null, resolution: null, at: null, version: null, now: null };
