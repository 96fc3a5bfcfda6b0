import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answerFromMirror, keptWall } from '../src/main/answer-from-mirror.ts';
import { board } from '../src/main/deals/answer-boards.ts';
import { today } from '../src/main/deals/answer-deals.ts';
import { oneCase, pending } from '../src/main/deals/answer-duplicates.ts';
import { fillMirror } from '../src/main/fill-mirror.ts';
import { openMirror } from '../src/main/mirror/mirror.ts';
import { startOperations, type Operations } from '../src/main/operations.ts';
import { readOfficeSettings } from '../src/main/system/office-settings.ts';
import type { Workspace } from '../src/main/workspace.ts';
import { reading } from './deals/spool/spool-facts.ts';
import { ann, ben, cia, decider, minute } from './deals/decision-steps.ts';
import { openPassOffice, silentLog, type PassOffice } from './deals/pass-office.ts';
import { noPackages } from './packages/no-packages.ts';
import { resolveDuplicate } from '../src/main/deals/resolve-duplicate.ts';
import { seededRandom } from '../src/main/sandbox/seeded-random.ts';
import { accountParts } from './support/account-parts.ts';
import { createMeter } from '../src/main/system/meter.ts';

const patience = { timeout: 20_000, interval: 20 };
let office: PassOffice & { close(): Promise<void> };
let operations: Operations;
let isAway = false;

beforeEach(async () => {
  isAway = false;
  office = await openPassOffice();
  const refuse = () => Promise.reject(new Error('Connection terminated unexpectedly'));
  const database: Workspace['database'] = {
    ...office.database,
    query: (...given) => (isAway ? refuse() : office.database.query(...given)),
    vital: { query: (...given) => (isAway ? refuse() : office.database.vital.query(...given)) },
    transaction: (...given) => (isAway ? refuse() : office.database.transaction(...given)),
  };
  const environment = { OPSDECK_ADVERSUS_URL: office.vendor.url, OPSDECK_ADVERSUS_USER: office.vendor.user };
  const workspace: Workspace = {
    database,
    kind: 'team',
    databaseId: 'one',
    databaseLabel: 'north/opsdeck',
    processId: office.deps.processId,
    holder: 'test 1',
    passes: { ...office.deps, database },
    accounts: accountParts({ database: database, clock: office.clock, processId: office.deps.processId }),
    meter: createMeter(() => 0),
    missingDirectory: ['OPSDECK_DIRECTORY_URL'],
    packages: noPackages({ ...office.deps, database }),
    budget: () => null,
    // Nothing is read by schedule.
    missing: () => ['OPSDECK_ADVERSUS_PASSWORD'],
    settings: () => readOfficeSettings(database, environment),
    reviveDatabase: () => Promise.resolve(),
    environment,
    close: () => Promise.resolve(),
  };
  operations = await startOperations({ workspace, log: silentLog });
});
afterEach(async () => {
  isAway = false;
  await operations.close();
  await office.close();
});

function begin(path = join(mkdtempSync(join(tmpdir(), 'opsdeck-mirror-')), 'mirror.sqlite')) {
  const mirror = openMirror(path, { place: 'north', clock: office.clock, log: silentLog });
  mirror.adopt('one');
  const keeper = fillMirror(mirror, operations, { clock: office.clock, log: silentLog });
  return { path, mirror, keeper, answers: answerFromMirror(mirror, office.clock) };
}

const page = { limit: 500, offset: 0 };
const none = new Set<number>();
type Answers = ReturnType<typeof answerFromMirror>;

/** All that a console without a database would show. */
const shown = (answers: Answers) => {
  const queue = answers.pending(page, none);
  return {
    today: withoutSeq(answers.today(none)),
    board: withoutStamp(answers.board('week')),
    queue,
    cases: queue?.pending.map(({ id }) => answers.case(id)?.effects),
  };
};

/** A change that moves nothing of today moves the number of the last one that main followed, not the copy's. */
const withoutSeq = <T extends { seq: number }>(view: T | null) => view && { ...view, seq: 0 };

const withoutStamp = (view: { counted_at: string } | null) => view && { ...view, counted_at: '' };

async function live() {
  const queue = await pending(operations, page);
  const cases = await Promise.all(queue.pending.map(({ id }) => oneCase(operations, id)));
  return {
    today: withoutSeq(await today(operations)),
    board: withoutStamp(await board(operations, 'week')),
    queue,
    cases: cases.map(({ effects }) => effects),
  };
}

describe('the mirror, while the database is there', () => {
  it('follows every change, and is what one made anew would be (OB-4)', async () => {
    const { mirror, keeper, answers, path } = begin();
    const seed = Date.now() % 100_000;
    const random = seededRandom(`mirror ${seed}`);
    const pick = <T>(list: readonly T[]) => random.pick(list);
    const leads = office.vendor.state.addLeads(12, () => ({
      agentId: pick([ann, ben, cia]),
      orderDate: office.clock.now(),
    }));
    await office.window();
    for (let step = 0; step < 8; step += 1) {
      office.pass(minute);
      for (let n = 0; n < 3; n += 1)
        office.vendor.state.patchLead(pick(leads).id, {
          agentId: pick([ann, ben, cia]),
          commission: String(random.int(1, 900)),
        });
      await office.window();
      const open = await office.pending();
      if (open.length > 2) {
        const { id, version } = pick(open);
        await resolveDuplicate(decider(office), {
          id,
          version,
          action: pick(['approve', 'replace', 'merge', 'reject']),
        });
      }
    }
    await vi.waitFor(async () => expect(shown(answers), `seed ${seed}`).toEqual(await live()), patience);
    expect((await office.pending()).length).toBeGreaterThan(0);
    await keeper.close();
    await mirror.close();

    const kept = openMirror(path, { place: 'north', clock: office.clock, log: silentLog });
    const fresh = begin();
    await vi.waitFor(() => expect(shown(fresh.answers).cases).toBeDefined(), patience);
    await vi.waitFor(
      () => expect(shown(answerFromMirror(kept, office.clock))).toEqual(shown(fresh.answers)),
      patience,
    );
    await fresh.keeper.close();
    await Promise.all([kept.close(), fresh.mirror.close()]);
  });

  it('says until when it is true: not beyond the moment the database went away', async () => {
    const { mirror, keeper, answers } = begin();
    office.vendor.state.addLead({ commission: '100', orderDate: office.clock.now() });
    await office.window();
    await vi.waitFor(() => expect(answers.today(none)?.totals.deals).toBe(1), patience);
    await vi.waitFor(() => expect(mirror.confirmedAt()).toEqual(office.clock.now()), patience);
    const before = office.clock.now();
    isAway = true;
    await vi.waitFor(() => expect(operations.awaySince()).not.toBeNull(), { timeout: 15_000, interval: 50 });
    office.clock.advance(60 * minute);
    keeper.touchAll();
    await keeper.close();
    expect(mirror.confirmedAt()).toEqual(before);
    expect(answers.today(none)?.totals.deals).toBe(1);
    await mirror.close();
  });

  it('keeps no telephone number on this disk', async () => {
    await office.database.query(
      `insert into sms_messages (id, user_id, receiver, "timestamp", status, synced_at, created_at)
       values ('1', ${ann}, '+46701234567', $1, 'delivered', $1, $1), ('2', ${ben}, '+46701234567', $1, 'delivered', $1, $1)`,
      [office.clock.now()],
    );
    await operations.invalidate();
    const { mirror, keeper, answers, path } = begin();
    await vi.waitFor(() => expect(answers.today(none)?.totals.sms).toBe(1), patience);
    expect(answers.today(none)?.board.map((row) => row.sms)).toEqual([1, 1]);
    await keeper.close();
    await mirror.close();
    const { readFileSync } = await import('node:fs');
    expect(readFileSync(path).includes('46701234567')).toBe(false);
  });
});

describe('without running operations', () => {
  it('the wall has the last known board, its age and since when the start fails', async () => {
    office.vendor.state.addLead({ commission: '100', orderDate: office.clock.now() });
    await office.run('deals', 'window');
    await vi.waitFor(() => expect(operations.today.today().deals).toBe(1), patience);
    const { path, mirror, keeper, answers: live } = begin();
    await vi.waitFor(() => expect(keptWall(live, null)).not.toBeNull(), patience);
    await keeper.close();
    await mirror.close();

    const kept = openMirror(path, { place: 'north', clock: office.clock, log: silentLog });
    const answers = answerFromMirror(kept, office.clock);
    const wall = keptWall(answers, { at: new Date('2026-11-16T11:00:00Z') });
    expect(wall).toMatchObject({
      board: { day: '2026-11-16', totals: { deals: 1, commission: 100 }, unsaved: 0, board: [{ deals: 1 }] },
      workspace: 'team',
      awaySince: '2026-11-16T11:00:00.000Z',
    });
    expect(wall!.readAt).not.toBeNull();
    await kept.close();

    const empty = openMirror(join(mkdtempSync(join(tmpdir(), 'opsdeck-mirror-')), 'mirror.sqlite'), {
      place: 'north',
      clock: office.clock,
      log: silentLog,
    });
    expect(keptWall(answerFromMirror(empty, office.clock), null)).toBeNull();
    await empty.close();
  });

  it('deals that an earlier start read lie over what is kept, as not saved', async () => {
    office.vendor.state.addLead({ commission: '100', orderDate: office.clock.now() });
    await office.run('deals', 'window');
    await vi.waitFor(() => expect(operations.today.today().deals).toBe(1), patience);
    const { mirror, keeper, answers } = begin();
    await vi.waitFor(() => expect([answers.today(none), answers.sync()]).not.toContain(null), patience);
    const facts = [reading({ leadId: '900', orderDate: office.clock.now(), updatedAt: office.clock.now() })];
    answers.useReading(() => ({
      facts: () => facts,
      waiting: () => 1,
      state: () => null,
      budget: () => null,
    }));
    expect(answers.today(none)).toMatchObject({ unsaved: 1, totals: { deals: 2, commission: 200 } });
    expect(answers.sync()).toMatchObject({ retry_queue_length: 1, reading_on: false });
    await keeper.close();
    await mirror.close();
  });
});
