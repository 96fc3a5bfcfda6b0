import { describe, expect, it } from 'vitest';
import { mapCampaign, mapUser } from '../../src/main/deals/map-agent.ts';

function agentOf(record: unknown) {
  const mapped = mapUser(record);
  if (mapped.kind !== 'agent') throw new Error(`not an agent: ${JSON.stringify(mapped)}`);
  return mapped.fact;
}

describe('a user', () => {
  it('becomes an agent, without address and number', () => {
    const record = {
      id: 4711,
      displayName: ' Erik ',
      email: 'e@example.se',
      phone: '070',
      group: { id: 3, name: 'Nord' },
    };
    expect(agentOf(record)).toEqual({
      userId: 4711,
      name: 'Erik',
      groupId: '3',
      groupName: 'Nord',
      active: true,
    });
  });

  it.each([
    [{ displayName: '', name: 'Erik A' }, 'Erik A'],
    [{ displayName: ' ', firstname: 'Erik', lastname: 'Åberg' }, 'Erik Åberg'],
    [{ firstname: 'Erik', lastname: null }, 'Erik'],
    [{ displayName: 7 }, null],
    [{ displayName: 'Er\u0000ik\ud800' }, 'Er ik\ufffd'],
    [{ displayName: 'A\u030aberg' }, 'Åberg'],
    [{ displayName: 'x'.repeat(500) }, `${'x'.repeat(199)}…`],
  ])('%j is named', (names, name) => {
    expect(agentOf({ id: 1, ...names }).name).toBe(name);
  });

  it('is active unless the vendor says otherwise', () => {
    expect(agentOf({ id: 1 }).active).toBe(true);
    expect(agentOf({ id: 1, active: false }).active).toBe(false);
  });

  it.each([{ group: null }, { group: [] }, { group: 'Nord' }, { group: { id: null } }, {}])(
    '%j has no group',
    (group) => {
      expect(agentOf({ id: 1, ...group })).toMatchObject({ groupId: null, groupName: null });
    },
  );

  it.each([null, [], 7, {}, { id: 2 ** 31 }, { id: 'Erik' }, { id: 0 }])('%j is set aside', (record) => {
    expect(mapUser(record).kind).toBe('rejected');
  });
});

describe('a campaign', () => {
  it('has its name in its settings, or beside its id', () => {
    expect(mapCampaign({ id: 88231, settings: { name: 'Dentle' }, name: 'Other' })).toEqual({
      id: '88231',
      name: 'Dentle',
    });
    expect(mapCampaign({ id: '88231', name: 'Dentle' })).toEqual({ id: '88231', name: 'Dentle' });
    expect(mapCampaign({ id: 88231, settings: null })).toEqual({ id: '88231', name: null });
  });

  it.each([null, undefined, [], 'Dentle', {}, { id: 'Dentle' }])('%j is none', (record) => {
    expect(mapCampaign(record)).toBeNull();
  });
});
