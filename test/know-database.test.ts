import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../src/main/clock.ts';
import { epochOf, isSameDatabase } from '../src/main/database-identity.ts';
import { applyDecision } from '../src/main/deals/apply-decision.ts';
import { pendingView } from '../src/main/deals/answer-duplicates.ts';
import { caseById } from '../src/main/deals/cases-store.ts';
import { findSent, sendDecision } from '../src/main/deals/send-decision.ts';
import { knowDatabase, type KnownDatabase } from '../src/main/know-database.ts';
import { openMirror, type Mirror } from '../src/main/mirror/mirror.ts';
import { startOperations, type Operations } from '../src/main/operations.ts';
import type { DecisionPayload, Kept } from '../src/main/outbox/kept-decision.ts';
import type { SendTo } from '../src/main/outbox/send-outbox.ts';
import type { Database } from '../src/main/storage/postgres.ts';
import { openDatabase } from '../src/main/storage/postgres.ts';
import { verifyAudit } from '../src/main/system/audit.ts';
import { backUp, type BackupDeps } from '../src/main/system/backups/back-up.ts';
import { restore } from '../src/main/system/backups/restore.ts';
import { currentSeq } from '../src/main/system/change-log.ts';
import { readIdentity } from '../src/main/system/database-epoch.ts';
import { listHealthEvents } from '../src/main/system/health-events.ts';
import { readOfficeSettings } from '../src/main/system/office-settings.ts';
import type { Workspace } from '../src/main/workspace.ts';
import { decision, makeLeads, noon, openCases, openOutbox, round, zone } from './outbox/outbox-office.ts';
import { silentLog } from './deals/pass-office.ts';
import { noPackages } from './packages/no-packages.ts';
import { accountParts } from './support/account-parts.ts';
import { createTestDatabase, migrationsFolder, testServers } from './support/postgres.ts';
import { createMeter } from '../src/main/system/meter.ts';

const patience = { timeout: 25_000, interval: 20 };
const clock = { ...systemClock(), now: () => noon };
const { signal } = new AbortController();
const words = z.object({ text: z.string() });
const ends: (() => Promise<unknown> | void)[] = [];
const folder = () => mkdtempSync(join(tmpdir(), 'opsdeck-know-'));

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function office(url?: string): Promise<Database> {
  const database = await createTestDatabase(url);
  ends.push(() => database.drop());
  await makeLeads(database);
  // Clones of one template would all be one database.
  await database.query(
    `update system_config set value = to_jsonb(gen_random_uuid()::text) where key = 'database_id'`,
  );
  return database;
}

function decisionOf({ payload }: Kept): DecisionPayload {
  if (payload?.kind !== 'decision') throw new Error('no decision is kept there');
  return payload;
}

/** A console without windows: operations, its own copy, its own outbox, and what its person was told. */
async function openConsole(
  database: Database,
  files = { outbox: join(folder(), 'd'), mirror: join(folder(), 'm') },
) {
  const { outbox, durable } = openOutbox(files.outbox);
  const mirror = openMirror(files.mirror, { place: 'north', clock, log: silentLog });
  const workspace: Workspace = {
    ...{ database, kind: 'team', databaseLabel: 'test', holder: 'test', databaseId: 'test', environment: {} },
    processId: crypto.randomUUID(),
    passes: { database, clock, log: silentLog, processId: '', holder: '' } as unknown as Workspace['passes'],
    accounts: accountParts({ database, clock: clock, processId: '' }),
    meter: createMeter(() => 0),
    missingDirectory: ['OPSDECK_DIRECTORY_URL'],
    packages: noPackages({
      database,
      clock,
      log: silentLog,
      processId: '',
      holder: '',
      readSettings: () => Promise.reject(new Error('not asked')),
    }),
    budget: () => null,
    missing: () => ['OPSDECK_ADVERSUS_URL'],
    settings: () => readOfficeSettings(database, {}),
    reviveDatabase: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const operations = await startOperations({ workspace, log: silentLog });
  const told: string[] = [];
  const known = knowDatabase(operations, {
    ...{ mirror, outbox, log: silentLog, tell: (text: string) => void told.push(text), onKnown() {} },
  });
  const at = { files, database, outbox, mirror, operations, known, told, close: once(close) };
  async function close() {
    await known.close();
    await operations.close();
    durable.close();
    await mirror.close();
  }
  ends.push(at.close);
  await vi.waitFor(() => expect(known.identity()).not.toBeNull(), patience);
  return at;
}
interface OpenConsole {
  database: Database;
  outbox: ReturnType<typeof openOutbox>['outbox'];
  mirror: Mirror;
  operations: Operations;
  known: KnownDatabase;
  told: string[];
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => (running ??= run());
}

const identityOf = (at: OpenConsole) => at.known.identity()!;
const depsOf = (database: Database) => ({ database, clock, timeZone: zone, actor: 'anna', console: 'x' });

/** The decision of a person who looks at the case as it is. */
async function looked(at: OpenConsole, one: { id: number; version: number }) {
  return { ...decision(one, 'approve'), seen: pendingView((await caseById(at.database, one.id))!, zone) };
}

async function decideNow(at: OpenConsole, one: { id: number; version: number }): Promise<void> {
  const id = crypto.randomUUID();
  const payload = await looked(at, one);
  const done = await applyDecision({ ...depsOf(at.database), epoch: epochOf(identityOf(at)) }, id, {
    ...one,
    action: 'approve',
  });
  const outcome = { by: null, resolution: null, at: null, version: done.version, now: null };
  at.outbox.noteDone(identityOf(at), id, payload, { ...outcome, kind: 'done', message: '' });
}

/** The database as this console sends to it; `careless`: whatever life it is in. */
function target(at: OpenConsole, identity: string, careless = false): SendTo {
  const epoch = careless ? {} : { epoch: epochOf(identity) };
  return {
    databaseId: identity,
    send: (id, { kind: _kind, seen: _seen, ...choice }) =>
      sendDecision({ ...depsOf(at.database), ...epoch }, id, choice),
    find: (id) => findSent(at.database, id),
    giveUp: () => Promise.reject(new Error('not asked for')),
  };
}

const decided = async (database: Database) =>
  (
    await database.query<{ n: number }>(
      `select count(*)::int as n from audit_log where action like 'duplicate.%' or target like 'duplicate:%'`,
    )
  ).rows[0]!.n;

function backupDeps(database: Database): BackupDeps & { migrationsFolder: string } {
  const parts = { clock, log: silentLog, folder: folder(), place: 'test', label: 'test' };
  return { database, ...parts, sandbox: false, holder: 'test', migrationsFolder };
}

async function restored(at: OpenConsole, path: string): Promise<void> {
  const before = identityOf(at);
  await restore(backupDeps(at.database), { path, actor: 'anna', yes: true, saveFirst: false, signal });
  await vi.waitFor(() => {
    expect(at.known.identity()).not.toBeNull();
    expect(at.known.identity()).not.toBe(before);
  }, patience);
}

describe.each(testServers())('a restore under a console, on PostgreSQL $name (OB-5)', ({ url }) => {
  it('brings every decision that it undid before the person again, and does none of them by itself', async () => {
    const at = await openConsole(await office(url));
    const cases = await openCases(at.database, 25);
    for (const one of cases.slice(0, 5)) await decideNow(at, one);
    const { path } = await backUp(backupDeps(at.database), {
      kind: 'manual',
      path: null,
      actor: null,
      signal,
    });
    for (const one of cases.slice(5, 12)) await decideNow(at, one);
    const former = identityOf(at);
    for (const one of cases.slice(12, 18)) at.outbox.keep(former, await looked(at, one));
    await round(at.outbox, target(at, former));
    for (const one of cases.slice(18, 22)) at.outbox.keep(former, await looked(at, one));
    // A case that came after the backup is not there any more.
    const [later] = await openCases(at.database, 1);
    await decideNow(at, later!);
    await at.mirror.write({ topics: { about: { text: 'former' } } });
    expect(await decided(at.database)).toBe(19);

    await restored(at, path);
    const now = identityOf(at);
    expect(isSameDatabase(former, now)).toBe(true);
    expect(at.mirror.topic('about', words)).toBeNull();
    // Nothing that was waiting is sent, however often it is tried.
    expect(await round(at.outbox, target(at, now))).toEqual({ ended: 'empty', told: [] });
    expect(await decided(at.database)).toBe(5);
    const offered = at.outbox.list(now);
    expect(new Set(offered.map((one) => one.duplicate_id))).toEqual(
      new Set([...cases.slice(5, 22).map(({ id }) => id), later!.id]),
    );
    expect(offered.every((one) => one.state === 'returned' && one.outcome?.kind === 'restored')).toBe(true);
    expect(offered.filter((one) => !one.again).map((one) => one.duplicate_id)).toEqual([later!.id]);
    expect(at.told).toEqual([expect.stringMatching(/^18 decisions/)]);

    const [dismissed, ...again] = offered.filter((one) => one.again);
    at.outbox.dismiss(dismissed!.decision_id);
    for (const one of again) at.outbox.sendAgain(now, one.decision_id);
    expect(() => at.outbox.sendAgain(now, again[0]!.decision_id)).toThrow(/Look at/);
    await round(at.outbox, target(at, now));
    await round(at.outbox, target(at, now));
    expect(await decided(at.database)).toBe(5 + 16);
    const left = at.outbox.list(now);
    expect(left.filter((one) => one.state === 'applied')).toHaveLength(16);
    expect(left.filter((one) => one.state !== 'applied').map((one) => one.duplicate_id)).toEqual([later!.id]);
    expect(await verifyAudit(at.database)).toMatchObject({ ok: true });
  });

  it('undoes nothing that the backup holds, also where the answer was lost', async () => {
    const at = await openConsole(await office(url));
    const [one] = await openCases(at.database, 1);
    const former = identityOf(at);
    const id = at.outbox.keep(former, await looked(at, one!));
    // Carried out, but this console never heard of it.
    await applyDecision(depsOf(at.database), id, { ...one!, action: 'approve' });
    const { path } = await backUp(backupDeps(at.database), {
      kind: 'manual',
      path: null,
      actor: null,
      signal,
    });
    await restored(at, path);
    expect(at.outbox.list(identityOf(at))).toMatchObject([{ decision_id: id, state: 'applied' }]);
    expect(at.told).toEqual([]);
  });

  it('is not overrun by a decision that was on its way, while a sender that does not ask for the life overruns it', async () => {
    const at = await openConsole(await office(url));
    const cases = await openCases(at.database, 2);
    const former = identityOf(at);
    const { path } = await backUp(backupDeps(at.database), {
      kind: 'manual',
      path: null,
      actor: null,
      signal,
    });
    for (const one of cases) at.outbox.keep(former, await looked(at, one));
    const [waiting, other] = at.outbox.waiting(former, 0, 2);
    await restore(backupDeps(at.database), { path, actor: 'anna', yes: true, saveFirst: false, signal });
    await expect(target(at, former).send(waiting!.decisionId, decisionOf(waiting!))).rejects.toMatchObject({
      code: 'DATABASE_AWAY',
    });
    expect(await decided(at.database)).toBe(0);
    await target(at, former, true).send(other!.decisionId, decisionOf(other!));
    expect(await decided(at.database)).toBe(1);
  });
});

describe('a database', () => {
  it('that was set back by other means begins a new life, once, whoever notices', async () => {
    const database = await office();
    const cases = await openCases(database, 3);
    await readIdentity(database);
    const at = await openConsole(database);
    const other = await openConsole(database);
    const former = identityOf(at);
    const snapshot = await database.query<{ seq: number }>('select seq from change_counter');
    for (const one of cases) await decideNow(at, one);
    await vi.waitFor(async () => expect(at.mirror.seen()).toBe(await currentSeq(database)), patience);
    at.mirror.confirm(noon);
    other.mirror.saw(at.mirror.seen());
    other.mirror.confirm(noon);
    await Promise.all([at.close(), other.close()]);
    // What a disk image of before would hold.
    await database.query(`alter table audit_log disable trigger user`);
    await database.query(
      `truncate audit_log, applied_decisions, deals, pending_duplicates, deal_history, change_log cascade`,
    );
    await database.query('update change_counter set seq = $1', [snapshot.rows[0]!.seq]);

    const [again, beside] = await Promise.all([
      openConsole(database, at.files),
      openConsole(database, other.files),
    ]);
    await vi.waitFor(() => expect(identityOf(again)).not.toBe(former), patience);
    await vi.waitFor(() => expect(identityOf(beside)).toBe(identityOf(again)), patience);
    expect(again.outbox.list(identityOf(again))).toMatchObject(
      cases.map(() => ({ state: 'returned', outcome: { kind: 'restored', now: null }, again: false })),
    );
    const events = await listHealthEvents(database, {});
    expect(events.filter((event) => event.message.includes('set back'))).toHaveLength(1);
    expect(await currentSeq(database)).toBeGreaterThan(at.mirror.seen());
  });

  it('that took the place of another is neither shown its data nor sent its decisions', async () => {
    const first = await openConsole(await office());
    const [one] = await openCases(first.database, 1);
    const former = identityOf(first);
    first.outbox.keep(former, await looked(first, one!));
    await first.mirror.write({ topics: { about: { text: 'former' } } });
    await first.close();
    const second = await openConsole(await office(), first.files);
    await openCases(second.database, 1);
    expect(isSameDatabase(identityOf(second), former)).toBe(false);
    expect(second.mirror.topic('about', words)).toBeNull();
    await round(second.outbox, target(second, identityOf(second)));
    expect(second.outbox.list(identityOf(second))).toMatchObject([{ state: 'waiting', elsewhere: true }]);
    expect(await decided(second.database)).toBe(0);
    // Back at the first one it is sent.
    await second.close();
    const back = await openConsole(
      openDatabase({ url: first.database.url, applicationName: 'back' }),
      first.files,
    );
    ends.push(() => back.database.close());
    await round(back.outbox, target(back, identityOf(back)));
    expect(back.outbox.list(identityOf(back))).toMatchObject([{ state: 'applied', elsewhere: false }]);
  });
});
