import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { documentOf, runCli } from './run-cli.ts';

// Every step is a process, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 180_000 });

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** A case as a pass leaves it: lead 900 went from Anna to Bo. */
beforeEach(async () => {
  await database.query(
    `insert into agents (user_id, name) values (1, 'Anna'), (2, 'Bo');
     insert into deals (lead_id, user_id, commission, order_date, status, upstream_updated_at)
       values ('900', 1, 100, '2026-11-16T08:00:00Z', 'success', '2026-11-16T10:00:00Z');
     insert into pending_duplicates (lead_id, new_user_id, new_commission, new_order_date, new_multi_deals, new_status,
                                     new_data, state_key, reasons, existing_deal_id, detected_at)
       select lead_id, 2, 250.5, '2026-11-16T09:30:00Z', 1, 'success',
              '{"leadId": "900", "userId": 2, "orderDate": "2026-11-16T09:30:00.000Z", "orderDateSource": "instant",
                "updatedAt": "2026-11-16T10:00:00.000Z", "notes": []}', 'b', '{agent,order_date}', id, '2026-11-16T10:00:00Z'
         from deals`,
  );
});
afterEach(() =>
  database.query(
    `truncate deals, deal_history, pending_duplicates, agents restart identity cascade;
     alter table audit_log disable trigger user; truncate audit_log restart identity;
     update audit_head set hash = decode(repeat('00', 32), 'hex'); alter table audit_log enable trigger user`,
  ),
);

async function opsdeck(...args: string[]) {
  const result = await runCli([...args, '--json'], {
    OPSDECK_DATABASE_URL: database.url,
    OPSDECK_NOW: '2026-11-16T11:00:00Z',
  });
  return { exit: result.code, ...documentOf(result) } as Record<string, unknown> & { exit: number };
}

describe('duplicates on the command line', () => {
  it('are listed, decided, looked up and undone', async () => {
    expect(await opsdeck('duplicates', 'list')).toEqual({
      exit: 0,
      success: true,
      count: 1,
      pending: [
        {
          id: 1,
          lead_id: '900',
          existing_agent_name: 'Anna',
          existing_commission: 100,
          existing_order_date: '2026-11-16T08:00:00.000Z',
          new_agent_name: 'Bo',
          new_commission: 250.5,
          new_order_date: '2026-11-16T09:30:00.000Z',
          detected_at: '2026-11-16T10:00:00.000Z',
          version: 1,
          reasons: ['agent', 'order_date'],
        },
      ],
    });
    expect(
      await opsdeck(
        'duplicates',
        'resolve',
        '1',
        'merge',
        '--fields',
        'agent, commission',
        '--note',
        'so it was',
        '--as',
        'Cia',
      ),
    ).toEqual({
      exit: 0,
      success: true,
      action: 'merge',
      message: 'Case 1 (lead 900) merged: deal 1 took over agent, commission.',
      id: 1,
      version: 2,
    });
    expect((await database.query('select user_id, commission, version from deals')).rows).toEqual([
      { user_id: 2, commission: '250.50', version: 2 },
    ]);
    expect(
      await opsdeck('duplicates', 'history', '--search', 'so it', '--resolution', 'merged', '--limit', '5'),
    ).toMatchObject({
      exit: 0,
      success: true,
      count: 1,
      history: [
        {
          id: 1,
          existing_agent_name: 'Anna',
          existing_commission: 100,
          status: 'resolved',
          resolution: 'merged',
          resolved_by: 'Cia',
          resolved_at: '2026-11-16T11:00:00.000Z',
          note: 'so it was',
        },
      ],
    });
    expect(await opsdeck('duplicates', 'history', '--resolution', 'rejected')).toMatchObject({
      count: 0,
      history: [],
    });
    expect(await opsdeck('duplicates', 'undo', '1')).toMatchObject({
      exit: 0,
      success: true,
      action: 'undo',
      id: 1,
      version: 3,
    });
    expect((await database.query('select user_id, commission, version from deals')).rows).toEqual([
      { user_id: 1, commission: '100.00', version: 3 },
    ]);
    expect(await opsdeck('audit', 'verify')).toEqual({ exit: 0, success: true, ok: true, rows: 2 });
  });

  it('refuse with 1 and why, where the case is not so', async () => {
    expect(await opsdeck('duplicates', 'resolve', '1', 'approve', '--version', '7')).toMatchObject({
      exit: 1,
      success: false,
      code: 'CONFLICT',
    });
    expect(await opsdeck('duplicates', 'resolve', '2', 'approve')).toMatchObject({
      exit: 1,
      code: 'NOT_FOUND',
    });
    expect(await opsdeck('duplicates', 'undo', '1')).toMatchObject({ exit: 1, code: 'CONFLICT' });
    expect(await opsdeck('duplicates', 'resolve', '1', 'reject', '--as', 'Cia')).toMatchObject({ exit: 0 });
    const again = await opsdeck('duplicates', 'resolve', '1', 'reject');
    expect(again).toMatchObject({ exit: 1, code: 'CONFLICT' });
    expect(again['message']).toContain('rejected by Cia, 2026-11-16 12:00');
  });

  it('refuse with 2 what is wrongly asked, and do nothing', async () => {
    const wrong = [
      ['resolve', '1', 'delete'],
      ['resolve', 'one', 'approve'],
      ['resolve', '0', 'approve'],
      ['resolve', '1', 'merge', '--fields', 'agent,price'],
      ['resolve', '1', 'approve', '--fields', 'agent'],
      ['resolve', '1', 'approve', '--note', 'x'.repeat(2_001)],
      ['undo', '1.5'],
      ['history', '--limit', 'all'],
    ];
    for (const args of wrong)
      expect(await opsdeck('duplicates', ...args), args.join(' ').slice(0, 60)).toMatchObject({
        exit: 2,
        code: 'BAD_REQUEST',
      });
    expect((await database.query('select status, version from pending_duplicates')).rows).toEqual([
      { status: 'pending', version: 1 },
    ]);
  });

  it('let the audit log be checked: a changed entry ends with 1', async () => {
    await opsdeck('duplicates', 'resolve', '1', 'reject');
    await database.query(
      `alter table audit_log disable trigger user; update audit_log set actor = 'nobody';
       alter table audit_log enable trigger user`,
    );
    expect(await opsdeck('audit', 'verify')).toMatchObject({
      exit: 1,
      success: false,
      ok: false,
      rows: 1,
      firstBad: 1,
    });
  });
});
