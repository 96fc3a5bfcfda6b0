import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/main/clock.ts';
import { createOutbox } from '../../src/main/outbox/outbox.ts';
import { salvageKept } from '../../src/main/outbox/outbox-store.ts';
import { backOffMs, mostTries, startSender, type SendTo } from '../../src/main/outbox/send-outbox.ts';
import { shareDurableFile } from '../../src/main/storage/durable-file.ts';
import { silentLog } from '../deals/pass-office.ts';
import { databaseId, decision, openOutbox, round } from './outbox-office.ts';

const done = {
  kind: 'done' as const,
  message: 'done',
  by: null,
  resolution: null,
  at: null,
  version: 2,
  now: null,
};
const taking = (sent: number[]): SendTo => ({
  databaseId,
  send: (_id, { id }) => (sent.push(id), Promise.resolve(done)),
  find: () => Promise.resolve(null),
  giveUp: () => Promise.resolve(null),
});
const case_ = (id: number) => ({ id, version: 1 });

describe('what is kept', () => {
  it('is there after a restart, in the order it was made', () => {
    const first = openOutbox();
    for (const id of [3, 1, 2]) first.outbox.keep(databaseId, { ...decision(case_(id)), note: `note ${id}` });
    first.durable.close();
    const { outbox } = openOutbox(first.path);
    expect(outbox.list(databaseId)).toMatchObject(
      [3, 1, 2].map((id) => ({ duplicate_id: id, note: `note ${id}`, state: 'waiting', elsewhere: false })),
    );
    expect(outbox.waitingCases(databaseId)).toEqual(new Set([1, 2, 3]));
  });

  it('takes one decision on a case at a time', () => {
    const { outbox } = openOutbox();
    outbox.keep(databaseId, decision(case_(1)));
    expect(() => outbox.keep(databaseId, decision(case_(1), 'approve'))).toThrow(
      expect.objectContaining({ code: 'CONFLICT' }) as Error,
    );
    outbox.keep('another database', decision(case_(1), 'approve'));
    expect(outbox.list(databaseId)).toHaveLength(2);
  });

  it('says that nothing was saved where it could not be written', () => {
    const { outbox, durable } = openOutbox();
    durable.open().exec('drop table outbox');
    expect(() => outbox.keep(databaseId, decision(case_(1)))).toThrow(/Nothing was saved/);
    const nowhere = shareDurableFile('/proc/nowhere/durable.sqlite', { wall: () => 0, onDamage: () => {} });
    const unkept = createOutbox(nowhere, systemClock());
    expect(() => unkept.keep(databaseId, decision(case_(1)))).toThrow(/Nothing was saved/);
    expect(unkept.waitingCases(databaseId)).toEqual(new Set());
    expect(() => unkept.list(databaseId)).toThrow(/\/proc\/nowhere\/durable.sqlite, cannot be used/);
  });

  it('is not sent when a bit of it flipped: every flip is found, told and listed', async () => {
    for (const column of ['payload', 'decision_id', 'made_at']) {
      const { outbox, durable } = openOutbox();
      outbox.keep(databaseId, decision(case_(7)));
      const flip = `update outbox set ${column} = replace(${column}, substr(${column}, 8, 1), '~')`;
      expect(durable.open().prepare(flip).run().changes).toBe(1);
      outbox.keep(databaseId, decision(case_(8)));
      const sent: number[] = [];
      const { told } = await round(outbox, taking(sent));
      expect([column, sent, told.length]).toEqual([column, [8], 1]);
      expect(outbox.list(databaseId)).toMatchObject([
        { state: 'applied', duplicate_id: 8 },
        { state: 'damaged', duplicate_id: null },
      ]);
    }
  });

  it('is saved out of a damaged file, which is kept aside', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'opsdeck-outbox-')), 'durable.sqlite');
    const first = openOutbox(path);
    for (let id = 1; id <= 200; id += 1)
      first.outbox.keep(databaseId, { ...decision(case_(id)), note: 'n'.repeat(300) });
    first.durable.open().pragma('wal_checkpoint(truncate)');
    first.durable.close();
    const bytes = readFileSync(path);
    // A page in the middle of the rows.
    const page = Math.floor(bytes.indexOf('n'.repeat(300), bytes.length / 2) / 4096);
    writeFileSync(path, bytes.fill(0xa5, 4096 * page, 4096 * (page + 1)));
    let saved = 0;
    const durable = shareDurableFile(path, {
      wall: () => 1,
      onDamage: (now, kept, read) => {
        expect(readFileSync(kept)).toEqual(bytes);
        read((damaged) => (saved = salvageKept(damaged, now)));
      },
    });
    const outbox = createOutbox(durable, systemClock());
    const listed = outbox.list(databaseId);
    expect(saved).toBe(listed.length);
    expect(saved).toBeGreaterThan(150);
    expect(saved).toBeLessThan(200);
    expect(listed.every((one) => one.state === 'waiting')).toBe(true);
    // New ones are numbered on.
    outbox.keep(databaseId, decision(case_(999)));
    expect(outbox.list(databaseId).at(-1)).toMatchObject({ duplicate_id: 999 });
    durable.close();
  });

  it('is a file that syncs every commit, by an engine without the bug of old ones (SQ-1)', () => {
    const { outbox, durable } = openOutbox();
    outbox.keep(databaseId, decision(case_(1)));
    const sqlite = durable.open();
    expect(sqlite.pragma('synchronous', { simple: true })).toBe(2);
    expect(sqlite.pragma('journal_mode', { simple: true })).toBe('wal');
    const version = String(sqlite.prepare('select sqlite_version()').pluck().get());
    expect(version.localeCompare('3.51.3', 'en', { numeric: true })).toBeGreaterThanOrEqual(0);
  });
});

describe('what is sent', () => {
  it('goes in order, to its own database only', async () => {
    const { outbox } = openOutbox();
    for (const id of [5, 2, 9]) outbox.keep(databaseId, decision(case_(id)));
    outbox.keep('another database', decision(case_(4)));
    const sent: number[] = [];
    expect(await round(outbox, taking(sent))).toEqual({ ended: 'empty', told: [] });
    expect(sent).toEqual([5, 2, 9]);
    expect(outbox.list(databaseId)[0]).toMatchObject({ duplicate_id: 4, state: 'waiting', elsewhere: true });
  });

  it('is set aside after several failures while those behind it go on', async () => {
    const { outbox } = openOutbox();
    for (const id of [1, 2, 3]) outbox.keep(databaseId, decision(case_(id)));
    const sent: number[] = [];
    const target: SendTo = {
      ...taking(sent),
      send: (_id, { id }) =>
        id === 2 ? Promise.reject(new Error('poison')) : (sent.push(id), Promise.resolve(done)),
    };
    const ends = [];
    for (let n = 0; n < mostTries; n += 1) ends.push((await round(outbox, target)).ended);
    expect(sent).toEqual([1, 3]);
    expect(ends).toEqual(['left', 'left', 'left', 'left', 'empty']);
    expect(outbox.list(databaseId).find((one) => one.duplicate_id === 2)).toMatchObject({
      state: 'rejected',
      tries: mostTries,
      outcome: { kind: 'failed', message: 'poison' },
    });
  });

  it('counts no try while the database is away', async () => {
    const { outbox } = openOutbox();
    outbox.keep(databaseId, decision(case_(1)));
    const gone = () => Promise.reject(new Error('away'));
    for (let n = 0; n < 2 * mostTries; n += 1)
      await round(outbox, { databaseId, send: gone, find: gone, giveUp: gone });
    expect(outbox.list(databaseId)).toMatchObject([{ state: 'waiting', tries: 0 }]);
  });

  it('drains a long queue in order, a batch at a time', async () => {
    const { outbox } = openOutbox();
    for (let id = 1; id <= 250; id += 1) outbox.keep(databaseId, decision(case_(id)));
    const sent: number[] = [];
    await round(outbox, taking(sent));
    expect(sent).toEqual(Array.from({ length: 250 }, (_, index) => index + 1));
  });
});

describe('the sender', () => {
  it('sends by itself: what waits at the start, what is kept later, and again after a failure', async () => {
    const { outbox } = openOutbox();
    outbox.keep(databaseId, decision(case_(1)));
    const sent: number[] = [];
    let failures = 2;
    const target: SendTo = {
      ...taking(sent),
      send: (_id, { id }) =>
        failures-- > 0 ? Promise.reject(new Error('no')) : (sent.push(id), Promise.resolve(done)),
    };
    const clock = {
      ...systemClock(),
      sleep: (ms: number, signal?: AbortSignal) => systemClock().sleep(ms / 20, signal),
    };
    let isThere = false;
    const parts = { outbox, clock, log: silentLog, random: () => 0.5, tell: () => {} };
    const sender = startSender({ ...parts, target: () => (isThere ? target : null) });
    isThere = true;
    sender.wake();
    await expect.poll(() => sent).toEqual([1]);
    outbox.keep(databaseId, decision(case_(2)));
    sender.wake();
    await expect.poll(() => sent).toEqual([1, 2]);
    await sender.close();
  });

  it('pauses longer after each failure, never the same for all consoles, at most ten seconds', () => {
    expect([1, 2, 3, 4].map((n) => backOffMs(n, () => 0))).toEqual([250, 500, 1_000, 2_000]);
    expect([backOffMs(50, () => 0), backOffMs(50, () => 1)]).toEqual([10_000, 5_000]);
  });
});
