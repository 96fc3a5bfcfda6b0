import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { documentOf, runCli } from './run-cli.ts';

// Every step is a process, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 180_000 });

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function opsdeck(...args: string[]) {
  const result = await runCli([...args, '--json'], {
    OPSDECK_DATABASE_URL: database.url,
    OPSDECK_NOW: '2026-11-20T11:00:00Z',
  });
  return { exit: result.code, ...documentOf(result) } as Record<string, unknown> & { exit: number };
}

/** Five cases that rule 1 would have replaced, and that people decided: four of them so. */
const compare = () =>
  database.query(
    `insert into pending_duplicates (lead_id, new_user_id, new_order_date, new_multi_deals, new_status, new_data,
                                     state_key, reasons, detected_at, status, resolution, resolved_by, resolved_at, version)
       select 'lead ' || n, 2, '2026-11-16T09:30:00Z', 1, 'success', '{}', 'k' || n, '{agent}', '2026-11-16T10:00:00Z',
              'resolved', case when n < 5 then 'replaced' else 'rejected' end, 'bo', '2026-11-17T10:00:00Z', 2
         from generate_series(1, 5) n;
     insert into rule_verdicts (rule_id, duplicate_id, case_version, at, acted)
       select 1, id, 1, '2026-11-16T11:00:00Z', false from pending_duplicates`,
  );

describe('rules on the command line', () => {
  it('are made in shadow, let act by a person who names both, and switched off', async () => {
    expect(await opsdeck('rules')).toEqual({ exit: 0, success: true, rules: [] });
    const made = await opsdeck(
      ...[
        'rules',
        'add',
        'Ben takes over',
        '--action',
        'replace',
        '--weekdays',
        '1,2',
        '--apart-at-most',
        '10.5',
      ],
    );
    expect(made).toEqual({ exit: 0, success: true, id: 1, version: 1 });
    const act = (...more: string[]) => opsdeck('rules', 'act', '1', ...more);
    const named = ['--name', 'Ben takes over'];
    expect(await act(...named, '--as', 'Cia')).toMatchObject({ exit: 2, code: 'BAD_REQUEST' });
    await compare();
    expect(await opsdeck('rules', 'list')).toMatchObject({
      rules: [
        {
          ...{ state: 'shadow', action: 'replace', figures: { compared: 5, agreed: 4 } },
          conditions: { weekdays: [1, 2], commissionApartAtMost: 10.5, agents: null },
        },
      ],
    });
    expect(await opsdeck('rules', 'cases', '1')).toMatchObject({ exit: 0, cases: { length: 5 } });
    // Who is not named, what is not named, and what is named wrongly.
    expect(await act(...named)).toMatchObject({ exit: 2, code: 'BAD_REQUEST' });
    expect(await act('--as', 'Cia')).toMatchObject({ exit: 2 });
    expect(await act('--name', 'Ben', '--as', 'Cia')).toMatchObject({ exit: 2, code: 'BAD_REQUEST' });
    expect(await act(...named, '--as', 'Cia', '--version', '7')).toMatchObject({ exit: 1, code: 'CONFLICT' });
    expect(await act(...named, '--as', 'Cia')).toMatchObject({
      exit: 0,
      rule: { state: 'acting', version: 2 },
    });
    const audited = await database.query(
      `select actor, after from audit_log where action = 'rule.switch' order by id`,
    );
    expect(audited.rows).toEqual([{ actor: 'Cia', after: { state: 'acting', compared: 5, agreed: 4 } }]);
    expect(await opsdeck('rules', 'off', '1')).toMatchObject({ exit: 0, rule: { state: 'off' } });
    expect(await opsdeck('rules', 'shadow', '1')).toMatchObject({ exit: 0, rule: { state: 'shadow' } });
    expect(await opsdeck('rules', 'remove', '1')).toMatchObject({ exit: 0, id: 1 });
    expect(await opsdeck('rules', 'off', '1')).toMatchObject({ exit: 1, code: 'NOT_FOUND' });
  });

  it('are refused in words where they cannot be read', async () => {
    expect(await opsdeck('rules', 'add', 'x', '--action', 'merge', '--agents', 'Anna')).toMatchObject({
      exit: 2,
      code: 'BAD_REQUEST',
      message: expect.stringContaining('agents') as string,
    });
    expect(await opsdeck('rules', 'off', 'x')).toMatchObject({ exit: 2, code: 'BAD_REQUEST' });
  });
});

describe('exports and fair boards on the command line', () => {
  it('write boards, deals and the history, with everybody named', async () => {
    await database.query(
      `insert into agents (user_id, name) select n, 'Agent no ' || n from generate_series(1, 6) n;
       insert into deals (lead_id, user_id, commission, multi_deals, order_date, status, upstream_updated_at)
         select 'd' || n, n, 100, 7 - n, '2026-11-18T08:00:00Z', 'success', '2026-11-18T10:00:00Z'
           from generate_series(1, 6) n;
       insert into system_config (key, value, version, updated_by) values ('office', '{"fairHideLast": 2}', 1, '')
         on conflict (key) do update set value = excluded.value`,
    );
    const folder = mkdtempSync(join(tmpdir(), 'opsdeck-'));
    const rowsOf = (name: string) => readFileSync(join(folder, name), 'utf8').trim().split('\r\n').length - 1;
    const write = (...args: string[]) => opsdeck('export', ...args);
    expect(await write('board', 'week', join(folder, 'board.csv'))).toMatchObject({ exit: 0, rows: 6 });
    expect(await write('deals', '2026-11-18..2026-11-18', join(folder, 'deals.csv'))).toMatchObject({
      rows: 6,
    });
    expect(await write('history', join(folder, 'history.csv'), '--resolution', 'replaced')).toMatchObject({
      rows: 4,
    });
    expect(['board.csv', 'deals.csv', 'history.csv'].map(rowsOf)).toEqual([6, 6, 4]);
    expect(await write('deals', 'never', join(folder, 'no.csv'))).toMatchObject({ exit: 2 });
    expect(await write('history', join(folder, 'no.csv'), '--from', 'x')).toMatchObject({ exit: 2 });
    expect(await write('deals', 'week', join(folder, 'none', 'no.csv'))).toMatchObject({ exit: 1 });
    // A person reads names of the first four; a script gets everybody.
    const environment = { OPSDECK_DATABASE_URL: database.url, OPSDECK_NOW: '2026-11-20T11:00:00Z' };
    const words = (await runCli(['board', 'week'], environment)).stdout.trimEnd().split('\n');
    expect(words).toHaveLength(5);
    expect(words.at(-1)).toContain('and 2 more');
    const all = await runCli(['board', 'week', '--all'], environment);
    expect(all.stdout.trimEnd().split('\n')).toHaveLength(6);
    const json = await runCli(['board', 'week', '--json'], environment);
    expect(JSON.parse(json.stdout)).toHaveLength(6);
  });
});
