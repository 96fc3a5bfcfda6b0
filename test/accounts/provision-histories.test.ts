import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { carryOutTask, sweepRequests } from '../../src/main/accounts/carry-out-task.ts';
import { createDirectoryClient, type DirectoryClient } from '../../src/main/accounts/directory-client.ts';
import { submitAccount, type SubmitDeps } from '../../src/main/accounts/submit-account.ts';
import { OpsdeckError } from '../../src/main/errors.ts';
import { startDirectory, type DirectorySandbox } from '../../src/main/sandbox/directory/start-directory.ts';
import type { Fault } from '../../src/main/sandbox/adversus/faults.ts';
import type { Database } from '../../src/main/storage/postgres.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { ask, clock, HandQueue, patience, startProcess, type OfficeProcess } from './account-office.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const signal = new AbortController().signal;
const seed = Number(process.env['SEED'] ?? 20261122);
/** Requests and faults of all runs, printed with the seed. */
const total = { requests: 0, faults: 0, kills: 0 };

/** What a killed process's awaits reject with, from the kill on. */
class Killed extends Error {}

interface Step {
  email: number;
  /** 0: without a key of its own. */
  key: number;
  process: number;
  /** Which await of this step the process dies at, before or after its effect; 0: it lives. */
  dieAt: number;
  dieAfter: boolean;
  fault: 'none' | 'lose-answer' | 'drop' | '503' | '429' | 'cut';
  /** Which call to the directory it strikes. */
  faultAt: number;
  queue: 'well' | 'before' | 'after';
  mode: 'stay' | 'async_queue' | 'sync_direct';
  work: boolean;
  /** Begins before the one before it has ended. */
  together: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  email: fc.nat(5),
  key: fc.nat(1),
  process: fc.nat(2),
  dieAt: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 12 })),
  dieAfter: fc.boolean(),
  fault: fc.constantFrom('none', 'none', 'lose-answer', 'drop', '503', '429', 'cut'),
  faultAt: fc.integer({ min: 1, max: 4 }),
  queue: fc.constantFrom('well', 'well', 'before', 'after'),
  mode: fc.constantFrom('stay', 'stay', 'async_queue', 'sync_direct'),
  work: fc.boolean(),
  together: fc.boolean(),
});

const faults: Record<Exclude<Step['fault'], 'none'>, Fault> = {
  'lose-answer': { kind: 'lose-answer' },
  drop: { kind: 'drop' },
  '503': { kind: 'answer', status: 503 },
  '429': { kind: 'answer', status: 429 },
  cut: { kind: 'truncate' },
};

/** Everything a process awaits goes through here, so that it can die at any of it. */
function mortal(directory: DirectoryClient) {
  const life = { isDead: false, awaits: 0, dieAt: 0, dieAfter: false };
  async function live<T>(run: () => Promise<T>): Promise<T> {
    if (life.isDead) throw new Killed();
    life.awaits += 1;
    const isLast = life.dieAt > 0 && life.awaits >= life.dieAt;
    if (isLast) life.isDead = true;
    if (isLast && !life.dieAfter) throw new Killed();
    const done = await run();
    if (life.isDead) throw new Killed();
    return done;
  }
  const wrap = (own: Database): Database => ({
    ...own,
    query: (...given) => live(() => own.query(...given)),
    transaction: (...given) => live(() => own.transaction(...given)),
  });
  const client: DirectoryClient = {
    findUser: (...given) => live(() => directory.findUser(...given)),
    createUser: (...given) => live(() => directory.createUser(...given)),
    listUsers: (...given) => live(() => directory.listUsers(...given)),
  };
  return { life, wrap, client };
}

interface Office {
  vendor: DirectorySandbox;
  hand: HandQueue;
  spawn(): Promise<OfficeProcess & { life: ReturnType<typeof mortal>['life'] }>;
}

async function openOffice(
  unique: boolean,
  mutate: (client: DirectoryClient) => DirectoryClient,
): Promise<Office> {
  const vendor = await startDirectory({ switches: { uniqueEmails: unique } });
  const hand = new HandQueue();
  const directory = mutate(
    createDirectoryClient({
      ...{ baseUrl: vendor.url, token: vendor.token, clock, random: () => 0.5, patience, perPage: 3 },
    }),
  );
  return {
    ...{ vendor, hand },
    async spawn() {
      const { life, wrap, client } = mortal(directory);
      const started = await startProcess(database, { directory: () => client, queue: hand.queue }, wrap);
      const { deps } = started;
      return { ...started, deps: { ...deps, outage: { ...deps.outage, resting: () => false } }, life };
    },
  };
}

let runs = 0;

/** One history: steps with faults, then everything is well and everybody asks again. */
async function live(
  steps: readonly Step[],
  unique: boolean,
  mutate: (client: DirectoryClient) => DirectoryClient,
): Promise<void> {
  const run = `r${++runs}`;
  const emailOf = (n: number) => `Person${n}.${run}@example.com`;
  const { vendor, hand, spawn } = await openOffice(unique, mutate);
  // One of the emails belongs to somebody else from the start.
  vendor.state.add(emailOf(5).toUpperCase());
  const requestOf = ({ email, key, process }: Step) =>
    ask(
      process === 1 ? emailOf(email).toLowerCase() : emailOf(email),
      key === 0 ? {} : { key: `${run}-${email}` },
    );
  const all: Awaited<ReturnType<typeof spawn>>[] = [];
  const begin = async () => {
    const begun = await spawn();
    all.push(begun);
    return begun;
  };
  const processes = [await begin(), await begin(), await begin()];
  try {
    const open: Promise<void>[] = [];
    for (const one of steps) {
      // A request of a killed process may still be under way: against a directory that takes an email twice nothing
      // helps then, so that there the steps come one after the other.
      if (!one.together || !unique) await Promise.all(open.splice(0));
      open.push(takeStep(one));
    }
    await Promise.all(open);
    vendor.faults.clear();
    hand.fail = null;
    await settle();
    await check();
  } finally {
    await vendor.close();
    await Promise.all(all.map((process) => process.end()));
    await database.query('delete from processes');
  }

  async function takeStep(one: Step): Promise<void> {
    let process = processes[one.process]!;
    if (process.life.isDead) {
      await process.end();
      process = processes[one.process] = await begin();
    }
    Object.assign(process.life, { awaits: 0, dieAt: one.dieAt, dieAfter: one.dieAfter });
    if (one.fault !== 'none') {
      total.faults += 1;
      vendor.faults.add({ call: one.faultAt, times: 1, do: faults[one.fault] });
    }
    hand.fail = one.queue === 'well' ? null : one.queue;
    total.requests += 1;
    const request = requestOf(one);
    try {
      if (one.mode !== 'stay')
        await process.deps.mode.set(one.mode, { confirmed: true, actor: 'anna', console: 'test' });
      const answer = await submitAccount(process.deps, request);
      expect(answer.success).toBe(true);
      if (one.work) await workOne(process.deps);
    } catch (error) {
      if (process.life.isDead) {
        total.kills += 1;
        await process.end();
      }
      // Nobody hears a killed process; every other is answered with a refusal or a failure that has a name.
      else if (!(error instanceof OpsdeckError)) throw error;
    }
    // A killed worker's task is freed and given out again.
  }

  async function workOne(deps: SubmitDeps): Promise<void> {
    const task = hand.take();
    if (task === undefined) return;
    try {
      await carryOutTask(deps, task, signal);
    } catch (error) {
      hand.tasks.set((task as { key: string }).key, task);
      throw error;
    }
  }

  async function settle(): Promise<void> {
    for (const { end, life } of all) if (life.isDead) await end();
    const { deps } = await begin();
    await database.query(
      `update account_requests set updated_at = now() - interval '1 hour' where state = 'open'`,
    );
    await sweepRequests(deps);
    // Whoever was not told well asks again: each of them has to be answered.
    for (const one of steps) {
      const answer = await submitAccount(deps, requestOf(one)).catch((error: unknown) => error);
      if (answer instanceof Error && !(answer instanceof OpsdeckError && answer.code === 'CONFLICT'))
        throw answer;
    }
    for (let task = hand.take(); task !== undefined; task = hand.take())
      await carryOutTask(deps, task, signal);
  }

  async function check(): Promise<void> {
    const { rows } = await database.query<{ email: string; key: string; id: string }>(
      `select email, request_key as key, directory_id as id from accounts where email ilike $1`,
      [`%.${run}@%`],
    );
    const asked = new Set(steps.map(({ email }) => email));
    for (const n of asked) {
      const users = vendor.state.withEmail(emailOf(n));
      const ours = rows.filter(({ email }) => email.toLowerCase() === emailOf(n).toLowerCase());
      // Exactly once in the directory; and once with us, but for the one that is none of ours.
      expect(users).toHaveLength(1);
      expect(ours).toHaveLength(n === 5 ? 0 : 1);
      if (n === 5) expect(users[0]!.user_metadata).toEqual({});
      else
        expect(users[0]).toMatchObject({
          id: ours[0]!.id,
          user_metadata: { opsdeck_request_key: ours[0]!.key },
        });
    }
    const left = await database.query(
      `select key from account_requests where state = 'open' and email ilike $1`,
      [`%.${run}@%`],
    );
    expect(left.rows).toEqual([]);
  }
}

const property = (mutate: (client: DirectoryClient) => DirectoryClient) =>
  fc.asyncProperty(
    fc.array(step, { minLength: 15, maxLength: 30, size: 'max' }),
    fc.boolean(),
    (steps, unique) => live(steps, unique, mutate),
  );

describe('whatever fails, whoever is killed and however the mode is switched', () => {
  it('every account is made exactly once, and every request is answered', async () => {
    await fc.assert(
      property((client) => client),
      { numRuns: 60, seed, endOnFailure: true },
    );
    process.stdout.write(
      `seed ${seed}: ${total.requests} requests, ${total.faults} faults of the directory, ${total.kills} kills\n`,
    );
    expect(total.requests).toBeGreaterThan(1_000);
  }, 600_000);
});

describe('the proof fails', () => {
  it('for a client that creates without looking first', async () => {
    const blind = (client: DirectoryClient): DirectoryClient => ({
      ...client,
      findUser: () => Promise.resolve(null),
    });
    const found = await fc.check(property(blind), { numRuns: 60, seed, endOnFailure: true });
    expect(found.failed).toBe(true);
  }, 600_000);

  it('for a client that takes every account of the email for its own', async () => {
    const greedy = (client: DirectoryClient): DirectoryClient => ({
      ...client,
      findUser: async () => Promise.resolve(null),
      createUser: async (request, given) => {
        const made = await client.createUser(request, given);
        if (made.kind !== 'exists') return made;
        const user = await client.findUser(request.email, given);
        return user ? { kind: 'created', user } : made;
      },
    });
    const found = await fc.check(property(greedy), { numRuns: 60, seed, endOnFailure: true });
    expect(found.failed).toBe(true);
  }, 600_000);
});
