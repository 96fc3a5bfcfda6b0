import { createHash, randomUUID } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { pruneRequests } from '../../src/main/http/requests-store.ts';
import { openCase, queueCase } from '../deals/decision-steps.ts';
import { useHttpOffice, type HttpProgram } from './http-office.ts';

const http = useHttpOffice();
const patience = { timeout: 25_000, interval: 25 };

const keyed = (key: string) => ({ headers: { 'x-idempotency-key': key } });

/** A case that waits, and the path that decides it. */
async function waiting() {
  await queueCase(http.office);
  const { id } = await openCase(http.office);
  return { id, path: `/api/admin/duplicates/${id}/resolve` };
}

const decisions = () =>
  http.office.one<number>(`select count(*)::int from audit_log where action like 'duplicate.%'`);

/** The program as it is known to the database, killed: another finds what it left behind. */
async function forget(program: HttpProgram) {
  await http.office.rows('delete from processes where id = $1', [program.processId]);
}

describe('a POST with a key', () => {
  it('is done once, and answered the same again, by every program', async () => {
    const { path } = await waiting();
    const [one, two] = [await http.start(), await http.start()];
    const first = await one.post(path, { action: 'merge' }, keyed('k1'));
    expect(first.status).toBe(200);
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    for (const program of [one, two]) {
      const again = await program.post(path, { action: 'merge' }, keyed('k1'));
      expect([again.status, again.text]).toEqual([200, first.text]);
      expect(again.headers['idempotent-replayed']).toBe('true');
    }
    expect(await decisions()).toBe(1);
    // Without a key it is the mutant: the second time it is refused as decided.
    expect((await one.post(path, { action: 'merge' })).status).toBe(409);
  });

  it('with another body is refused, also while the first is under way', async () => {
    const { path } = await waiting();
    const program = await http.start();
    await program.post(path, { action: 'merge' }, keyed('k1'));
    const other = await program.post(path, { action: 'reject' }, keyed('k1'));
    expect(other).toMatchObject({ status: 422, json: { success: false, code: 'KEY_REUSED' } });
    expect(await decisions()).toBe(1);
  });

  it('belongs to one token and one path', async () => {
    const { path } = await waiting();
    const program = await http.start();
    const { token } = await program.token(['read', 'decide']);
    const a = await program.post('/api/admin/cache/invalidate', {}, keyed('same'));
    const b = await program.post(path, { action: 'reject' }, { ...keyed('same'), token });
    const c = await program.post('/api/admin/cache/invalidate', {}, { ...keyed('same'), token });
    expect([a.status, b.status, c.status]).toEqual([200, 200, 200]);
    expect([b, c].map((one) => one.headers['idempotent-replayed'])).toEqual([undefined, undefined]);
  });

  it('raced by twenty at two programs is done once; each gets the answer or is told to wait', async () => {
    const { path } = await waiting();
    const programs = [await http.start(), await http.start()];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => programs[i % 2]!.post(path, { action: 'approve' }, keyed('race'))),
    );
    expect(await decisions()).toBe(1);
    const texts = new Set(answers.filter((one) => one.status === 200).map((one) => one.text));
    expect(texts.size).toBe(1);
    for (const { status, json } of answers.filter((one) => one.status !== 200))
      expect({ status, json }).toMatchObject({
        status: 409,
        json: { message: expect.stringContaining('under way') },
      });
    const after = await programs[1]!.post(path, { action: 'approve' }, keyed('race'));
    expect(after).toMatchObject({ status: 200, text: [...texts][0] });
  });

  it('under way elsewhere is told so; once that program was killed it is carried on, and done once', async () => {
    const { path } = await waiting();
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    // The first program gets as far as having decided, and no further: its answer is never stored.
    const first = await http.start({
      wrap: (database) => ({
        ...database,
        query: async (sql, values) => {
          if (sql.includes('insert into api_requests') && sql.includes('status, answer')) await held;
          return database.query(sql, values);
        },
      }),
    });
    const second = await http.start();
    const lost = first.post(path, { action: 'merge' }, keyed('k9')).catch(() => null);
    await vi.waitFor(async () => expect(await decisions()).toBe(1), patience);
    const busy = await second.post(path, { action: 'merge' }, keyed('k9'));
    expect(busy).toMatchObject({ status: 409, headers: { 'retry-after': '1' } });
    await forget(first);
    const carried = await second.post(path, { action: 'merge' }, keyed('k9'));
    expect(carried).toMatchObject({ status: 200, json: { success: true, action: 'merge' } });
    expect(await decisions()).toBe(1);
    release();
    await lost;
    expect((await second.post(path, { action: 'merge' }, keyed('k9'))).text).toBe(carried.text);
  });

  it('that was refused for its input or failed may be sent again under the same key', async () => {
    const { path } = await waiting();
    const program = await http.start();
    expect((await program.post(path, { action: 'nothing' }, keyed('k1'))).status).toBe(422);
    expect((await program.post(path, { action: 'merge' }, keyed('k1'))).status).toBe(200);
  });

  it('that found nothing stays answered', async () => {
    const program = await http.start();
    const path = '/api/admin/duplicates/999/resolve';
    const first = await program.post(path, { action: 'merge' }, keyed('k1'));
    const again = await program.post(path, { action: 'merge' }, keyed('k1'));
    expect([first.status, again.status, again.headers['idempotent-replayed']]).toEqual([404, 404, 'true']);
  });

  it('is good for 24 hours, then forgotten and cleared away', async () => {
    const { path } = await waiting();
    const program = await http.start();
    await program.post(path, { action: 'reject' }, keyed('k1'));
    await http.office.rows(
      `update api_requests set created_at = created_at - interval '23 hours 59 minutes'`,
    );
    expect(await pruneRequests(http.office.database)).toBe(0);
    expect((await program.post(path, { action: 'merge' }, keyed('k1'))).status).toBe(422);
    await http.office.rows(`update api_requests set created_at = created_at - interval '2 minutes'`);
    expect((await program.post(path, { action: 'merge' }, keyed('k1'))).status).toBe(409);
    await http.office.rows(`update api_requests set created_at = created_at - interval '2 days'`);
    expect(await pruneRequests(http.office.database)).toBe(1);
  });

  it('that is no key is refused', async () => {
    const program = await http.start();
    for (const key of ['', 'a b', 'x'.repeat(201)])
      expect((await program.post('/api/admin/cache/invalidate', {}, keyed(key))).status).toBe(422);
  });
});

describe('while the database is away', () => {
  it('what the local copy holds is answered, and says so; the rest says why not', async () => {
    await waiting();
    const program = await http.start();
    const live = await program.get('/api/admin/duplicates/pending');
    expect(live.headers['opsdeck-source']).toBeUndefined();
    const status = (await program.get('/api/admin/sync-status')).json;
    await vi.waitFor(
      () => expect(program.services.kept.pending({ limit: 1, offset: 0 }, new Set())?.count).toBe(1),
      patience,
    );
    await vi.waitFor(() => expect(program.services.kept.board('month')).not.toBeNull(), patience);
    await vi.waitFor(() => expect(program.services.kept.held()).not.toBeNull(), patience);
    await vi.waitFor(() => expect(program.services.kept.timeline()).not.toBeNull(), patience);
    program.setAway(true);
    await vi.waitFor(() => expect(program.operations.awaySince()).not.toBeNull(), patience);
    for (const path of ['duplicates/pending', 'sync-held', 'health/events']) {
      const answer = await program.get(`/api/admin/${path}`);
      expect(answer).toMatchObject({
        status: 200,
        headers: { 'opsdeck-source': 'mirror' },
        json: { success: true },
      });
      expect(answer.json).toHaveProperty('as_of');
    }
    expect(await program.get('/api/leaderboard?period=month')).toMatchObject({
      status: 200,
      headers: { 'opsdeck-source': 'mirror' },
    });
    expect((await program.get('/api/admin/sync-status')).json).toEqual({
      ...(status as object),
      as_of: expect.any(String) as string,
    });
    for (const path of ['duplicates/history', 'duplicates/history?page=2'])
      expect(await program.get(`/api/admin/${path}`)).toMatchObject({
        status: 503,
        json: { success: false, code: 'DATABASE_AWAY' },
      });
    expect((await program.post('/api/admin/cache/invalidate', {}, keyed('x'))).status).toBe(503);
    expect((await program.get('/health', { token: null })).status).toBe(200);
  });

  it('a decision is kept with 202, the same for its key, and carried out once when it is back', async () => {
    const { id, path } = await waiting();
    const program = await http.start();
    const { token } = await program.token(['read', 'decide'], 'Skript');
    await program.get('/api/leaderboard', { token });
    await vi.waitFor(() => expect(program.services.kept.seen(id)).not.toBeNull(), patience);
    program.setAway(true);
    await vi.waitFor(() => expect(program.operations.awaySince()).not.toBeNull(), patience);
    const asked = { ...keyed('k1'), token };
    const kept = await program.post(path, { action: 'merge' }, asked);
    expect(kept.status).toBe(202);
    expect(kept.json).toEqual({
      success: true,
      action: 'merge',
      message: expect.stringContaining('kept') as string,
      queued: true,
      id,
      version: 1,
      decision_id: expect.any(String) as string,
    });
    const again = await program.post(path, { action: 'merge' }, asked);
    expect([again.status, again.text]).toEqual([202, kept.text]);
    expect((await program.post(path, { action: 'reject' }, asked)).status).toBe(422);
    expect((await program.post(path, { action: 'reject' }, { token })).status).toBe(409);
    program.setAway(false);
    await vi.waitFor(async () => expect(await decisions()).toBe(1), patience);
    expect(await http.office.one('select resolved_by from pending_duplicates')).toBe('Skript');
    const after = await program.post(path, { action: 'merge' }, asked);
    expect([200, 202]).toContain(after.status);
    expect(await decisions()).toBe(1);
  });

  it('a stored token goes on, an unknown one is no reason to wait', async () => {
    const program = await http.start();
    const { token } = await program.token(['read']);
    expect((await program.get('/api/leaderboard', { token })).status).toBe(200);
    program.setAway(true);
    await vi.waitFor(() => expect(program.operations.awaySince()).not.toBeNull(), patience);
    await vi.waitFor(() => expect(program.services.kept.board('today')).not.toBeNull(), patience);
    expect((await program.get('/api/leaderboard', { token })).status).toBe(200);
    expect((await program.get('/api/leaderboard', { token: 'odk_unknown' })).status).toBe(401);
  });
});

describe('tokens', () => {
  it('are kept as a hash alone, and told once', async () => {
    const program = await http.start();
    const { token } = await program.token(['read']);
    expect(Buffer.from(token.slice(4), 'base64url')).toHaveLength(32);
    const stored = await http.office.one<Buffer>('select hash from api_tokens');
    expect(stored).toEqual(createHash('sha256').update(token).digest());
    const everything = await http.office.rows(
      'select api_tokens::text, (select string_agg(a::text, $1) from audit_log a) from api_tokens',
      [''],
    );
    expect(JSON.stringify(everything)).not.toContain(token);
  });

  it('may do what their scopes say, and nothing once revoked, at every program', async () => {
    const [one, two] = [await http.start(), await http.start()];
    const looks = await one.token(['read']);
    const decides = await one.token(['decide']);
    const act = (program: HttpProgram, token: string) =>
      program.post('/api/admin/cache/invalidate', {}, { token });
    const look = (program: HttpProgram, token: string) => program.get('/api/leaderboard', { token });
    expect((await look(two, looks.token)).status).toBe(200);
    expect(await act(two, looks.token)).toMatchObject({ status: 403, json: { code: 'FORBIDDEN' } });
    expect((await look(two, decides.token)).status).toBe(403);
    expect((await act(two, decides.token)).status).toBe(200);
    const { revokeToken } = await import('../../src/main/http-answers.ts');
    await revokeToken({ workspace: one.operations.workspace }, 'anna', looks.id);
    await vi.waitFor(async () => expect((await look(two, looks.token)).status).toBe(401), patience);
    await vi.waitFor(async () => expect((await look(one, looks.token)).status).toBe(401), patience);
    await expect(
      revokeToken({ workspace: one.operations.workspace }, 'anna', looks.id),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('have a limit for each group of paths, the environment’s none', async () => {
    const program = await http.start({ callLimit: 5 });
    const { token } = await program.token(['read']);
    for (let i = 0; i < 5; i++) {
      const answer = await program.get('/api/leaderboard', { token });
      expect([answer.status, answer.headers['ratelimit-remaining']]).toEqual([200, String(4 - i)]);
    }
    const refused = await program.get('/api/leaderboard', { token });
    expect(refused).toMatchObject({ status: 429, json: { success: false, code: 'RATE_LIMITED' } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await program.get('/api/admin/sync-held', { token })).status).toBe(200);
    expect(
      (await program.get('/api/leaderboard', { token: (await program.token(['read'])).token })).status,
    ).toBe(200);
    for (let i = 0; i < 20; i++) expect((await program.get('/api/leaderboard')).status).toBe(200);
  });

  it('that are unknown are limited for each address, and good ones go on', async () => {
    const program = await http.start();
    const statuses = [];
    for (let i = 0; i < 25; i++)
      statuses.push((await program.get('/api/leaderboard', { token: randomUUID() })).status);
    expect(statuses).toEqual([...Array<number>(20).fill(401), ...Array<number>(5).fill(429)]);
    expect((await program.get('/api/leaderboard')).status).toBe(200);
    expect((await program.get('/health', { token: null })).status).toBe(200);
  });
});
