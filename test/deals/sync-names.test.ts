import { describe, expect, it } from 'vitest';
import { usePassOffice } from './pass-office.ts';

const asked = (at: ReturnType<typeof usePassOffice>['it'], path: string) => at.vendor.log.to(path).length;

describe('names of agents and campaigns', () => {
  const office = usePassOffice();

  it('are read with the first deals that speak of them, and not again', async () => {
    const { it: at } = office;
    at.vendor.state.addLead({ agentId: 41001, campaignId: 7103 });
    await at.window();
    expect(await at.rows('select name, group_name from agents where user_id = 41001')).toEqual([
      { name: 'Anna Lindqvist', group_name: 'Team Norr' },
    ]);
    expect(await at.one(`select name from campaigns where id = '7103'`)).toBe('El & Fiber Norden');
    const calls = [asked(at, '/users'), asked(at, '/campaigns')];
    at.vendor.state.addLead({ agentId: 41002, campaignId: 7104 });
    await at.window();
    expect([asked(at, '/users'), asked(at, '/campaigns')]).toEqual(calls);
  });

  it('that the vendor does not know are asked for again a day later, not at every pass', async () => {
    const { it: at } = office;
    at.vendor.state.addLead({ agentId: 49999 });
    await at.window();
    const calls = asked(at, '/users');
    await at.window();
    await at.delta();
    expect(asked(at, '/users')).toBe(calls);
    await at.rows(`update agents set asked_at = now() - interval '25 hours'`);
    await at.window();
    expect(asked(at, '/users')).toBe(calls + 1);
    await at.window();
    expect(asked(at, '/users')).toBe(calls + 1);
  });

  it('listed without a name cost one call a day as well', async () => {
    const { it: at } = office;
    at.vendor.state.putUser({
      id: 49998,
      firstname: '',
      lastname: '',
      groupId: 301,
      active: true,
      admin: false,
    });
    at.vendor.state.addLead({ agentId: 49998 });
    await at.window();
    await at.rows(`update agents set asked_at = now() - interval '25 hours'`);
    const calls = asked(at, '/users');
    await at.window();
    await at.window();
    expect(asked(at, '/users')).toBe(calls + 1);
  });

  it('never fail a pass; after an outage the next pass asks again', async () => {
    const { it: at } = office;
    at.vendor.state.addLead({ agentId: 41001 });
    at.vendor.faults.add({ path: '/users', do: { kind: 'answer', status: 500 } });
    expect(await at.window()).toMatchObject({
      inserted: 1,
      complete: true,
      note: expect.stringContaining('names') as string,
    });
    at.vendor.faults.clear();
    expect(await at.window()).toMatchObject({ unchanged: 1, note: null });
    expect(await at.one('select name from agents where user_id = 41001')).toBe('Anna Lindqvist');
  });

  it('are all read on request, changed ones updated, unchanged ones not written', async () => {
    const { it: at } = office;
    const first = await at.run('agents');
    expect(first).toMatchObject({ kind: 'names', updated: 0, removed: 0, complete: true });
    expect(first.inserted).toBeGreaterThan(15);
    expect(await at.run('agents')).toMatchObject({ inserted: 0, updated: 0, unchanged: first.inserted });
    at.vendor.state.putUser({
      id: 41001,
      firstname: 'Anna',
      lastname: 'Berg',
      groupId: 302,
      active: true,
      admin: false,
    });
    expect(await at.run('agents')).toMatchObject({ inserted: 0, updated: 1 });
    expect(await at.rows('select name, group_name from agents where user_id = 41001')).toEqual([
      { name: 'Anna Berg', group_name: 'Team Syd' },
    ]);
  });
});
