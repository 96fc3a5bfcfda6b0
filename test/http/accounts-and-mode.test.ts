import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDirectoryClient } from '../../src/main/accounts/directory-client.ts';
import { systemClock } from '../../src/main/clock.ts';
import { startDirectory, type DirectorySandbox } from '../../src/main/sandbox/directory/start-directory.ts';
import { verifyAudit } from '../../src/main/system/audit.ts';
import { useHttpOffice } from './http-office.ts';

const http = useHttpOffice();
let vendor: DirectorySandbox;
beforeAll(async () => {
  vendor = await startDirectory();
});
afterAll(() => vendor.close());

const directory = () =>
  createDirectoryClient({
    baseUrl: vendor.url,
    token: vendor.token,
    clock: systemClock(),
    random: () => 0.5,
  });
const account = (email: string) => ({ email, name: 'Anna Ek', plan: 'basic' });
const usersOf = (email: string) =>
  vendor.state.users.filter((user) => user.email.toLowerCase() === email.toLowerCase()).length;

describe('GET and PUT /api/admin/mode', () => {
  it('tell the mode, when it was read and what each process believes, and switch it for all', async () => {
    const program = await http.start();
    const before = await program.get('/api/admin/mode');
    expect(before.status).toBe(200);
    expect(Object.keys(before.json as object).sort()).toEqual(['cachedAt', 'mode', 'processes']);
    expect(before.json).toMatchObject({ mode: 'async_queue', cachedAt: expect.any(String) as string });
    const put = await program.ask('PUT', '/api/admin/mode', { body: { mode: 'sync_direct' } });
    expect(put.json).toMatchObject({ mode: 'sync_direct' });
    expect((put.json as { processes: unknown[] }).processes).toContainEqual(
      expect.objectContaining({ id: program.processId, mode: 'sync_direct', self: true }),
    );
    expect((await program.get('/api/admin/mode')).json).toMatchObject({ mode: 'sync_direct' });
    expect(await verifyAudit(http.office.database)).toMatchObject({ ok: true, rows: 1 });
    await program.ask('PUT', '/api/admin/mode', { body: { mode: 'async_queue' } });
  });

  it('refuse another mode, a reading token and a switch while the database is away', async () => {
    const program = await http.start();
    const wrong = await program.ask('PUT', '/api/admin/mode', { body: { mode: 'turbo' } });
    expect([wrong.status, wrong.json]).toMatchObject([422, { success: false }]);
    const { token } = await program.token(['read']);
    const refused = await program.ask('PUT', '/api/admin/mode', { token, body: { mode: 'sync_direct' } });
    expect(refused.status).toBe(403);
    program.setAway(true);
    const away = await program.ask('PUT', '/api/admin/mode', { body: { mode: 'sync_direct' } });
    expect([away.status, away.json]).toMatchObject([503, { success: false, code: 'DATABASE_AWAY' }]);
  });
});

describe('POST /api/admin/accounts', () => {
  it('makes an account once, however often and by whichever way it is asked', async () => {
    const program = await http.start({ directory });
    await program.ask('PUT', '/api/admin/mode', { body: { mode: 'sync_direct' } });
    const made = await program.post('/api/admin/accounts', { ...account('Anna@example.se'), key: 'order-1' });
    expect([made.status, made.json]).toEqual([
      200,
      {
        success: true,
        result: 'created',
        skipped: false,
        email: 'Anna@example.se',
        key: 'order-1',
        reason: null,
        path: 'direct',
      },
    ]);
    const again = await program.post('/api/admin/accounts', {
      ...account('anna@example.se'),
      key: 'order-1',
    });
    expect([again.status, again.json]).toMatchObject([
      200,
      { success: true, result: 'skipped', skipped: true, reason: expect.any(String) as string },
    ]);
    const other = await program.post('/api/admin/accounts', {
      ...account('anna@example.se'),
      key: 'order-2',
    });
    expect([other.status, other.json]).toMatchObject([409, { success: false, code: 'CONFLICT' }]);
    expect(usersOf('anna@example.se')).toBe(1);
    await program.ask('PUT', '/api/admin/mode', { body: { mode: 'async_queue' } });
    const queued = await program.post('/api/admin/accounts', account('erik@example.se'));
    expect([queued.status, queued.json]).toMatchObject([
      202,
      { success: true, result: 'queued', path: 'queue' },
    ]);
  });

  it('refuses what is no request', async () => {
    const program = await http.start({ directory });
    for (const body of [{}, { ...account('no address') }, { ...account('a@example.se'), name: '' }])
      expect((await program.post('/api/admin/accounts', body)).status).toBe(422);
  });

  it('keeps a request while the database is away, and says so with 202', async () => {
    const program = await http.start({ directory });
    program.setAway(true);
    const kept = await program.post('/api/admin/accounts', account('sara@example.se'));
    expect([kept.status, kept.json]).toMatchObject([202, { success: true, result: 'kept', path: 'outbox' }]);
    expect(usersOf('sara@example.se')).toBe(0);
  });
});
