import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { listRoutes } from '../../src/main/http/find-route.ts';
import { createHttpRouter } from '../../src/main/http/http-router.ts';
import { raiseHealthEvent } from '../../src/main/system/health-events.ts';
import { minute, openCase, queueCase } from '../deals/decision-steps.ts';
import { addDeals } from '../deals/pass-office.ts';
import { useHttpOffice } from './http-office.ts';

const http = useHttpOffice();
const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const instant = expect.stringMatching(iso) as string;
const number = expect.any(Number) as number;

describe('every path answers in the shape that scripts rely on', () => {
  it('GET /health, without a token', async () => {
    const program = await http.start();
    const answer = await program.get('/health', { token: null });
    expect([answer.status, answer.text]).toEqual([200, '{"status":"ok"}']);
  });

  it('GET /api/admin/duplicates/pending', async () => {
    const lead = await queueCase(http.office);
    const program = await http.start();
    const { status, json } = await program.get('/api/admin/duplicates/pending');
    expect(status).toBe(200);
    expect(json).toEqual({
      success: true,
      pending: [
        {
          id: number,
          lead_id: String(lead.id),
          existing_agent_name: 'Anna Lindqvist',
          existing_commission: 100,
          existing_order_date: instant,
          new_agent_name: expect.any(String) as string,
          new_commission: 250.5,
          new_order_date: '2026-11-16T09:30:00.000Z',
          detected_at: instant,
          version: 1,
        },
      ],
      count: 1,
    });
  });

  it('POST /api/admin/duplicates/:id/resolve: decided by the owner of the token, the name a remark', async () => {
    const lead = await queueCase(http.office);
    const program = await http.start();
    const { id } = await openCase(http.office);
    const { token } = await program.token(['read', 'decide'], 'Bokföring');
    const path = `/api/admin/duplicates/${id}/resolve`;
    const body = { action: 'merge', note: 'rätt belopp', adminName: 'Anna', version: 1 };
    const done = await program.post(path, body, { token });
    expect(done.json).toEqual({
      success: true,
      action: 'merge',
      message: expect.stringContaining(`lead ${lead.id}`) as string,
    });
    expect(done.status).toBe(200);
    const history = await program.get('/api/admin/duplicates/history');
    expect(history.json).toEqual({
      success: true,
      history: [
        {
          id,
          lead_id: String(lead.id),
          existing_agent_name: 'Anna Lindqvist',
          existing_commission: 100,
          existing_order_date: instant,
          new_agent_name: expect.any(String) as string,
          new_commission: 250.5,
          new_order_date: instant,
          detected_at: instant,
          version: 2,
          status: 'resolved',
          resolution: 'merged',
          resolved_at: instant,
          resolved_by: 'Bokföring',
          note: 'rätt belopp (adminName: Anna)',
        },
      ],
      count: 1,
      next: null,
    });
    expect(await http.office.one('select actor from audit_log where action = $1', ['duplicate.merge'])).toBe(
      'Bokföring',
    );

    const again = await program.post(path, { action: 'reject' });
    expect(again).toMatchObject({ status: 409, json: { success: false, code: 'CONFLICT' } });
    expect(Object.keys(again.json as object)).toEqual(['success', 'code', 'message']);
    const stale = await program.post(path, { action: 'reject', version: 1 });
    expect(stale.status).toBe(409);
    expect((await program.post('/api/admin/duplicates/999999/resolve', { action: 'merge' })).status).toBe(
      404,
    );
    const wrong = await program.post(path, { action: 'keep' });
    expect(wrong).toMatchObject({ status: 422, json: { success: false, code: 'BAD_REQUEST' } });

    const undone = await program.post(`/api/admin/duplicates/${id}/undo`, {});
    expect(undone).toMatchObject({ status: 200, json: { success: true, action: 'undo' } });
    const shown = await program.get(`/api/admin/duplicates/${id}`);
    expect(shown).toMatchObject({
      status: 200,
      json: { success: true, status: 'pending', trail: [{ actor: 'Bokföring' }, { actor: 'HTTP' }] },
    });
  });

  it('GET /api/admin/duplicates/history in pages, newest first, withdrawn ones only where asked for', async () => {
    const { office } = http;
    for (let i = 0; i < 3; i++) {
      await queueCase(office);
      office.pass(minute);
    }
    const program = await http.start();
    const ids = (await office.pending()).map((one) => one.id);
    for (const id of ids) {
      await program.post(`/api/admin/duplicates/${id}/resolve`, { action: 'reject' });
      office.pass(minute);
    }
    await office.rows(`update pending_duplicates set status = 'withdrawn', resolution = null where id = $1`, [
      ids[0]!,
    ]);
    const page = async (query: string) => {
      const { json } = await program.get(`/api/admin/duplicates/history?${query}`);
      const { history, ...rest } = json as { history: { id: number }[] };
      return { ids: history.map((one) => one.id), ...rest };
    };
    expect(await page('limit=1')).toEqual({ ids: [ids[2]], success: true, count: 2, next: 2 });
    expect(await page('limit=1&page=2')).toEqual({ ids: [ids[1]], success: true, count: 2, next: null });
    expect(await page('resolution=withdrawn')).toMatchObject({ ids: [ids[0]] });
    expect(await page('resolution=all')).toMatchObject({ count: 3 });
    expect((await program.get('/api/admin/duplicates/history?limit=501')).status).toBe(422);
  });

  it('POST /api/admin/sync-database, rolling and full, answers when it is done', async () => {
    addDeals(http.office, 5);
    const program = await http.start();
    const rolling = await program.post('/api/admin/sync-database', { mode: 'rolling' });
    const counts = (inserted: number, unchanged: number) => ({
      ...{ inserted, unchanged, updated: 0, removed: 0, held: 0, rejected: 0 },
    });
    expect(rolling.json).toEqual({
      success: true,
      message: expect.any(String) as string,
      period: { startDate: '2026-10-25', endDate: '2026-11-30' },
      deals: counts(5, 0),
      sms: counts(0, 0),
    });
    const days = { startDate: '2026-11-01', endDate: '2026-11-30' };
    const full = await program.post('/api/admin/sync-database', { mode: 'full', ...days });
    expect(full.json).toMatchObject({ success: true, period: days, deals: counts(0, 5) });
    expect((await program.post('/api/admin/sync-database', { mode: 'full' })).json).toMatchObject({
      period: null,
    });
    for (const wrong of [
      {},
      { mode: 'half' },
      { mode: 'rolling', ...days },
      { mode: 'full', startDate: '2026-11-01' },
    ])
      expect((await program.post('/api/admin/sync-database', wrong)).status).toBe(422);
    const turned = { mode: 'full', startDate: '2026-11-30', endDate: '2026-11-01' };
    expect((await program.post('/api/admin/sync-database', turned)).status).toBe(422);

    expect((await program.get('/api/admin/sync-status')).json).toEqual({
      success: true,
      deals: { totalDeals: 5, todayDeals: number, lastSync: instant, retryQueueLength: 0 },
      sms: { totalSMS: 0, todaySMS: 0, lastSync: instant },
      pendingDuplicates: 0,
    });
  });

  it('POST /api/admin/cache/invalidate, with and without a body', async () => {
    const program = await http.start();
    for (const body of [undefined, {}])
      expect(await program.post('/api/admin/cache/invalidate', body)).toMatchObject({
        status: 200,
        text: '{"success":true}',
      });
  });

  it('GET and POST /api/admin/sync-held', async () => {
    const { office } = http;
    const leads = addDeals(office, 8);
    await office.window();
    for (const lead of leads) office.vendor.state.remove(lead.id);
    office.pass(minute);
    await office.window();
    const program = await http.start();
    const listed = await program.get('/api/admin/sync-held');
    expect(listed.json).toMatchObject({ success: true, count: 1 });
    const { held } = listed.json as { held: { id: number }[] };
    expect(held[0]).toEqual({
      id: number,
      source: 'deals',
      state: 'held',
      reason: expect.any(String) as string,
      count: 8,
      of_deals: 8,
      range_start: instant,
      range_end: instant,
      held_at: instant,
      updated_at: instant,
      removed: 0,
    });
    const { id } = held[0]!;
    const decided = await program.post('/api/admin/sync-held', { id, action: 'discard', note: 'nej' });
    expect(decided).toMatchObject({ status: 200 });
    expect(decided.json).toEqual({ success: true, id, state: 'discarded', removed: 0, kept: 8, waiting: 0 });
    expect((await program.post('/api/admin/sync-held', { id, action: 'accept' })).status).toBe(409);
    expect((await program.post('/api/admin/sync-held', { id: 99, action: 'accept' })).status).toBe(404);
    expect((await program.post('/api/admin/sync-held', { id: '1', action: 'accept' })).status).toBe(422);
  });

  it('GET /api/leaderboard', async () => {
    addDeals(http.office, 5);
    await http.office.window();
    const program = await http.start();
    const board = await program.get('/api/leaderboard?period=month');
    expect(board.status).toBe(200);
    const rows = board.json as Record<string, unknown>[];
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows)
      expect(Object.keys(row)).toEqual([
        'user_id',
        'name',
        'group',
        'deals',
        'commission',
        'sms',
        'conversion',
      ]);
    expect(rows[0]).toMatchObject({
      user_id: expect.any(String) as string,
      deals: number,
      commission: number,
    });
    expect(Array.isArray((await program.get('/api/leaderboard')).json)).toBe(true);
    expect((await program.get('/api/leaderboard?period=2026-11-01..2026-11-30')).json).toEqual(rows);
    const groups = (await program.get('/api/leaderboard?period=month&by=groups')).json as object[];
    expect(Object.keys(groups[0]!)).not.toContain('user_id');
    expect((await program.get('/api/leaderboard?period=soon')).status).toBe(422);
    expect((await program.get('/api/leaderboard?period=week&period=today')).status).toBe(422);
  });

  it('GET /api/admin/health/events, by type, text and time, in pages', async () => {
    const { database } = http.office;
    for (const [type, message] of [
      ['INFO', 'one'],
      ['WARNING', 'two'],
      ['CRITICAL', 'three'],
    ] as const)
      await raiseHealthEvent(database, type, message, { n: 1 });
    const program = await http.start();
    const messages = async (query: string) => {
      const { json } = await program.get(`/api/admin/health/events${query}`);
      return (json as { events: { message: string }[] }).events.map((event) => event.message);
    };
    expect((await program.get('/api/admin/health/events?limit=1')).json).toEqual({
      success: true,
      events: [
        { id: number, event_type: 'CRITICAL', message: 'three', metadata: { n: 1 }, created_at: instant },
      ],
      count: 1,
      next: number,
    });
    const { next } = (await program.get('/api/admin/health/events?limit=1')).json as { next: number };
    expect(await messages(`?limit=1&page=${next}`)).toEqual(['two']);
    expect(await messages('?type=INFO,CRITICAL')).toEqual(['three', 'one']);
    expect(await messages('?search=TW')).toEqual(['two']);
    expect(await messages('?since=2999-01-01T00:00:00Z')).toEqual([]);
    for (const wrong of ['?type=LOUD', '?since=yesterday', '?limit=0', '?limit=1e2', '?page=-1'])
      expect((await program.get(`/api/admin/health/events${wrong}`)).status).toBe(422);
  });
});

describe('the description', () => {
  it('validates, and says every path that is answered and no other', async () => {
    const program = await http.start();
    const { status, json } = await program.get('/openapi.json', { token: null });
    expect(status).toBe(200);
    const result = await new Validator().validate(json as Record<string, unknown>);
    expect(result).toMatchObject({ valid: true });
    const { paths } = json as {
      paths: Record<string, Record<string, { responses: object; security?: unknown }>>;
    };
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const answered = listRoutes(createHttpRouter(program.services)).map(
      ({ method, path }) => `${method} ${path}`,
    );
    expect(described.sort()).toEqual([...answered, 'GET /api/events'].sort());
    for (const one of answered.filter((path) => path !== 'GET /health')) {
      const [method, path] = one.split(' ') as [string, string];
      expect(Object.keys(paths[path]![method.toLowerCase()]!.responses)).toEqual(
        expect.arrayContaining(['200', '401', '404', '429', '503']),
      );
      // None is a dead end: without a token each says so, with one each is found.
      const filled = path.replace('{id}', '999999');
      expect((await program.ask(method, filled, { token: null })).status).toBe(401);
      if (method === 'GET' && !filled.includes('999999'))
        expect((await program.get(filled)).status).toBe(200);
    }
  });

  it('has a page that needs nothing from elsewhere', async () => {
    const program = await http.start();
    const page = await program.get('/docs', { token: null });
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    const links = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((found) => found[1]!);
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) {
      expect(link).toMatch(/^\/docs\//);
      expect((await program.get(link, { token: null })).status).toBe(200);
    }
    for (const path of [
      '/docs/../package.json',
      '/docs/index.js',
      '/docs/%2e%2e/package.json',
      '/docs/__proto__',
    ])
      expect((await program.get(path, { token: null })).status).toBe(401);
  });
});
