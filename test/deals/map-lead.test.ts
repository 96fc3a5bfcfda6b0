import { describe, expect, it } from 'vitest';
import { mapLead, type LeadFact, type MappingSettings } from '../../src/main/deals/map-lead.ts';
import type { Rejection } from '../../src/main/deals/reject-record.ts';
import { canary, officeSettings, resultFields, vendorLead } from './vendor-records.ts';

function factOf(record: unknown, settings: MappingSettings = officeSettings): LeadFact {
  const mapped = mapLead(record, settings);
  if (mapped.kind !== 'deal') throw new Error(`not a deal: ${JSON.stringify(mapped)}`);
  return mapped.fact;
}

function rejectionOf(record: unknown, settings: MappingSettings = officeSettings): Rejection {
  const mapped = mapLead(record, settings);
  if (mapped.kind !== 'rejected') throw new Error(`not rejected: ${JSON.stringify(mapped)}`);
  return mapped.rejection;
}

function withResult(values: Parameters<typeof resultFields>[0]): Record<string, unknown> {
  return vendorLead({ resultData: resultFields(values) });
}

describe('a success lead', () => {
  it('becomes a fact in our units', () => {
    expect(mapLead(vendorLead(), officeSettings)).toEqual({
      kind: 'deal',
      ignoredFields: 0,
      fact: {
        leadId: '929473146',
        userId: 4711,
        campaignId: '88231',
        commission: '4500.50',
        multiDeals: 2,
        orderDate: new Date('2026-03-18T09:00:00Z'),
        orderDateSource: 'instant',
        status: 'success',
        updatedAt: new Date('2026-03-18T09:15:00Z'),
        notes: [],
      },
    });
  });

  it('is accepted with fields nobody knows, which are counted', () => {
    const record = vendorLead({ newField: 1, another: { deep: canary } });
    expect(mapLead(record, officeSettings)).toMatchObject({ kind: 'deal', ignoredFields: 2 });
  });

  it('does not change the record it came from', () => {
    const record = vendorLead();
    mapLead(record, officeSettings);
    expect(record).toEqual(vendorLead());
  });
});

describe('the id', () => {
  it.each([
    [929473146, '929473146'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    ['9007199254740993', '9007199254740993'],
    ['00929473146', '929473146'],
    [' 12 ', '12'],
  ])('%j is read as %s', (id, leadId) => {
    expect(factOf(vendorLead({ id })).leadId).toBe(leadId);
  });

  const bad = [
    undefined,
    null,
    '',
    0,
    -1,
    1.5,
    '0',
    '12a',
    canary,
    '١٢',
    true,
    [1],
    {},
    NaN,
    Infinity,
    '1'.repeat(21),
  ];
  it.each([...bad, 2 ** 53])('%j is refused', (id) => {
    const rejection = rejectionOf(vendorLead({ id }));
    expect(rejection.reason).toBe('id');
    expect(rejection.key).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(rejection.payload).not.toHaveProperty('id');
  });

  it('missing: the same record has the same key, another record another', () => {
    const first = rejectionOf(vendorLead({ id: null })).key;
    expect(rejectionOf(vendorLead({ id: null })).key).toBe(first);
    expect(rejectionOf(Object.fromEntries(Object.entries(vendorLead({ id: null })).reverse())).key).toBe(
      first,
    );
    expect(rejectionOf(vendorLead({ id: null, lastContactedBy: 4712 })).key).not.toBe(first);
    expect(rejectionOf(vendorLead({ id: '\ud800' })).key).not.toBe(
      rejectionOf(vendorLead({ id: '\ud801' })).key,
    );
  });

  it.each([null, undefined, 12, 'lead', [], [vendorLead()], true])(
    'a record that is %j has none',
    (record) => {
      expect(rejectionOf(record)).toMatchObject({ reason: 'record', payload: {} });
    },
  );
});

describe('the status', () => {
  it.each(['new', 'notInterested', 'Success', ''])('%j is no success, whatever else is wrong', (status) => {
    const record = vendorLead({ status, lastContactedBy: null, resultData: 'broken' });
    expect(mapLead(record, officeSettings)).toEqual({ kind: 'not-success', leadId: '929473146', status });
  });

  it.each([undefined, null, 1, true, ['success']])('%j is refused', (status) => {
    expect(rejectionOf(vendorLead({ status }))).toMatchObject({ key: '929473146', reason: 'status' });
  });
});

describe('the agent', () => {
  it.each([undefined, null])('%j: nobody', (lastContactedBy) => {
    expect(rejectionOf(vendorLead({ lastContactedBy })).reason).toBe('no-agent');
  });

  it.each(['', 'Erik', 0, -4, 4.5, 2 ** 31, {}, [4711], true, '4711x'])(
    '%j is refused',
    (lastContactedBy) => {
      expect(rejectionOf(vendorLead({ lastContactedBy })).reason).toBe('bad-agent');
    },
  );

  it.each([4711, '4711'])('%j is read', (lastContactedBy) => {
    expect(factOf(vendorLead({ lastContactedBy })).userId).toBe(4711);
  });
});

describe('the campaign', () => {
  it.each([
    [{ campaignId: 88231 }, '88231', []],
    [{ campaignId: '88231' }, '88231', []],
    [{ campaignId: 'Dentle Kallkund - Sverige', campaign: { id: 88231 } }, '88231', []],
    [{ campaignId: null, campaign: { id: '88231', name: canary } }, '88231', []],
    [{ campaignId: 'Dentle Kallkund - Sverige' }, null, ['campaign-name']],
    [{ campaignId: '34Dentle' }, null, ['campaign-name']],
    [{ campaignId: 12.5, campaign: {} }, null, ['campaign-name']],
    [{ campaignId: undefined }, null, []],
    [{ campaignId: null, campaign: null }, null, []],
  ])('%j', (changes, campaignId, notes) => {
    expect(factOf(vendorLead(changes))).toMatchObject({ campaignId, notes });
  });
});

describe('the commission', () => {
  it.each([
    ['4500', '4500.00'],
    [' 4500.5 ', '4500.50'],
    ['+0012.345', '12.35'],
    ['-12.345', '-12.35'],
    ['-0.004', '0.00'],
    ['0.995', '1.00'],
    ['999999999999.994', '999999999999.99'],
    [`0.${'9'.repeat(100_000)}`, '1.00'],
    [4500, '4500.00'],
    [1.005, '1.01'],
    [-0, '0.00'],
    [5e-7, '0.00'],
    [0.1 + 0.2, '0.30'],
  ])('%j is exactly %s', (commission, exact) => {
    expect(factOf(withResult({ commission })).commission).toBe(exact);
  });

  it.each([undefined, null, '', '  '])('%j is none yet', (commission) => {
    expect(factOf(withResult({ commission })).commission).toBeNull();
  });

  const bad = [
    '34Dentle',
    '4 500',
    '4500,50',
    '4500 kr',
    '1e3',
    '0x10',
    '.5',
    '5.',
    '--1',
    'NaN',
    '١٢',
    true,
    [],
    {},
  ];
  it.each([...bad, Infinity, NaN, 1e21, 1e999, '1000000000000', '999999999999.995'])(
    '%j is refused',
    (commission) => {
      expect(rejectionOf(withResult({ commission }))).toMatchObject({
        key: '929473146',
        reason: 'commission',
      });
    },
  );

  it('refused, is shown with its field, shortened, and nothing else of the lead', () => {
    const rejection = rejectionOf(withResult({ commission: `12,${'3'.repeat(100)}` }));
    expect(rejection.detail).toBe(`12,${'3'.repeat(36)}…`);
    expect(rejection.payload).toEqual({
      id: '929473146',
      status: 'success',
      campaignId: 88231,
      lastContactedBy: 4711,
      lastUpdatedTime: '2026-03-18T09:15:00.000Z',
      field: '70163',
      value: rejection.detail,
    });
  });
});

describe('a value that could not be read', () => {
  it.each(['fråga Anna', 'till Erik +46 70 123 45 67', '070-123 45 67', '+46701234567,5', 'anna@office.se'])(
    'that may be personal (%s) is described, not shown',
    (value) => {
      const rejection = rejectionOf(withResult({ commission: value, orderDate: '2026-02-30' }));
      expect(JSON.stringify(rejection)).not.toContain(value);
      expect(rejection.detail).toBe(`string(${value.length})`);
    },
  );

  it.each(['1.234,50', '12,5', '1 000'])('that is figures (%s) is shown', (value) => {
    expect(rejectionOf(withResult({ commission: value })).detail).toBe(value);
  });
});

describe('multi-deals', () => {
  it.each([
    ['3', 3, []],
    [' 3 ', 3, []],
    ['0', 0, []],
    ['007', 7, []],
    [3, 3, []],
    [undefined, 1, []],
    ['', 1, []],
    [null, 1, []],
    ['34Dentle Kallkund', 1, ['multi-deals-unreadable']],
    ['-3', 1, ['multi-deals-unreadable']],
    ['2.0', 1, ['multi-deals-unreadable']],
    [2.5, 1, ['multi-deals-unreadable']],
    [-1, 1, ['multi-deals-unreadable']],
    ['2147483648', 1, ['multi-deals-unreadable']],
    [1e999, 1, ['multi-deals-unreadable']],
    [true, 1, ['multi-deals-unreadable']],
    [['3'], 1, ['multi-deals-unreadable']],
  ])('%j counts as %d', (multiDeals, count, notes) => {
    expect(factOf(withResult({ multiDeals, orderDate: '2026-03-18' }))).toMatchObject({
      multiDeals: count,
      notes,
    });
  });
});

describe('the order date', () => {
  it.each([
    ['2026-03-18T09:00:00Z', '2026-03-18T09:00:00Z'],
    ['2026-03-18T10:00:00+01:00', '2026-03-18T09:00:00Z'],
    ['2026-03-18 10:00:00.5+0100', '2026-03-18T09:00:00.500Z'],
    ['2026-03-18T04:00-05', '2026-03-18T09:00:00Z'],
    ['2026-03-18T10:00:00', '2026-03-18T09:00:00Z'],
    ['2026-03-18 10:00', '2026-03-18T09:00:00Z'],
    ['2026-03-29T02:30:00', '2026-03-29T01:30:00Z'], // skipped that night
    ['2026-10-25T02:30:00', '2026-10-25T00:30:00Z'], // shown twice: the first
    ['2026-10-25T02:30:00+01:00', '2026-10-25T01:30:00Z'],
  ])('%s is the instant %s', (orderDate, instant) => {
    const fact = factOf(withResult({ orderDate }));
    expect(fact).toMatchObject({ orderDate: new Date(instant), orderDateSource: 'instant', notes: [] });
  });

  it('without zone is in the vendor’s, and a bare day in the office’s', () => {
    const settings = { ...officeSettings, vendorZone: 'Asia/Kathmandu', officeZone: 'America/New_York' };
    expect(factOf(withResult({ orderDate: '2026-03-18 10:00' }), settings).orderDate).toEqual(
      new Date('2026-03-18T04:15Z'),
    );
    expect(factOf(withResult({ orderDate: '2026-03-18' }), settings)).toMatchObject({
      orderDate: new Date('2026-03-18T04:00Z'),
      orderDateSource: 'day',
    });
  });

  it('as a bare day of changing clocks starts at its midnight', () => {
    expect(factOf(withResult({ orderDate: '2026-03-29' })).orderDate).toEqual(new Date('2026-03-28T23:00Z'));
    expect(factOf(withResult({ orderDate: '2026-10-26' })).orderDate).toEqual(new Date('2026-10-25T23:00Z'));
  });

  it.each([undefined, null, '', ' \t'])('%j falls back, with a note', (orderDate) => {
    expect(factOf(withResult({ orderDate }))).toMatchObject({
      orderDate: null,
      orderDateSource: 'fallback',
      notes: ['order-date-missing'],
    });
  });

  const bad = [
    '2026-02-30',
    '2026-02-29T10:00',
    '2026-13-01',
    '18/3 2026',
    'i går',
    'now',
    'infinity',
    '1999-12-31',
  ];
  const more = [
    '2101-01-01',
    '2026-03-18T24:00',
    '2026-03-18T10:00:00+24:00',
    '2026-03-18  10:00',
    '20260318',
    '2026',
  ];
  it.each([...bad, ...more, '2026-03-18Z', '-2026-03-18', 20260318, true, ['2026-03-18'], {}])(
    '%j is refused',
    (date) => {
      expect(rejectionOf(withResult({ orderDate: date })).reason).toBe('order-date');
    },
  );
});

describe('a custom field', () => {
  const commission = (record: unknown, commissionField: string | null) =>
    factOf(record, { ...officeSettings, commissionField }).commission;

  it('is found by label in any case, with stray spaces, and in either writing of é', () => {
    for (const label of ['PROVISION SE\u0301', ' provision s\u00e9 ', 'Provision S\u00c9'])
      expect(
        commission(vendorLead({ resultData: [{ id: 1, label, value: '7' }] }), ' Provision s\u00e9'),
      ).toBe('7.00');
  });

  it('is found by id as number or text', () => {
    for (const id of [70163, '70163'])
      expect(commission(vendorLead({ resultData: [{ id, value: '7' }] }), '70163')).toBe('7.00');
    expect(commission(vendorLead({ resultData: [{ id: 701630, value: '7' }] }), '70163')).toBeNull();
  });

  it('is looked for in masterData when resultData does not have it', () => {
    const masterData = [{ id: 70163, value: '7' }];
    expect(commission(vendorLead({ resultData: [], masterData }), '70163')).toBe('7.00');
    expect(commission(vendorLead({ resultData: null, masterData }), '70163')).toBe('7.00');
    expect(commission(vendorLead({ resultData: undefined, masterData }), '70163')).toBe('7.00');
  });

  it('of resultData wins even when it is blank, and the first of two entries wins', () => {
    const masterData = [{ id: 70163, value: '7' }];
    expect(
      commission(vendorLead({ resultData: [{ id: 70163, value: '' }], masterData }), '70163'),
    ).toBeNull();
    expect(
      commission(
        vendorLead({
          resultData: [
            { id: 70163, value: 1 },
            { id: 70163, value: 2 },
          ],
        }),
        '70163',
      ),
    ).toBe('1.00');
  });

  it('that the account does not have is none', () => {
    expect(commission(vendorLead(), null)).toBeNull();
    expect(commission(vendorLead({ resultData: [{ id: '', label: '', value: '7' }] }), ' ')).toBeNull();
  });

  it('may serve two meanings', () => {
    const settings = { ...officeSettings, multiDealsField: '70163' };
    expect(factOf(withResult({ commission: '3' }), settings)).toMatchObject({
      commission: '3.00',
      multiDeals: 3,
    });
  });

  it('beside malformed entries is found; those are counted', () => {
    const resultData = [null, 1, 'x', [], {}, { value: 1 }, { id: {}, label: 2 }, { id: 70163, value: '7' }];
    expect(mapLead(vendorLead({ resultData }), officeSettings)).toMatchObject({
      kind: 'deal',
      fact: { commission: '7.00' },
      ignoredFields: 7,
    });
  });

  it.each(['', 'text', 1, true, {}, { length: 1 }])('cannot be looked for in a list that is %j', (list) => {
    expect(rejectionOf(vendorLead({ resultData: list })).reason).toBe('bad-fields');
    expect(rejectionOf(vendorLead({ masterData: list })).reason).toBe('bad-fields');
  });
});

describe('the last-updated time', () => {
  const modified = { ...officeSettings, updatedField: 'lastModifiedTime' as const };

  it('is the configured field, else the other', () => {
    const both = vendorLead({ lastModifiedTime: '2026-03-18T12:00:00' });
    expect(factOf(both, modified).updatedAt).toEqual(new Date('2026-03-18T11:00Z'));
    expect(factOf(both).updatedAt).toEqual(new Date('2026-03-18T09:15Z'));
    expect(factOf(vendorLead(), modified).updatedAt).toEqual(new Date('2026-03-18T09:15Z'));
  });

  it.each([undefined, null, '', '2026-03-18', '0001-01-01T00:00:00Z', 'now', 1773824400000, canary])(
    '%j is refused',
    (lastUpdatedTime) => {
      const rejection = rejectionOf(vendorLead({ lastUpdatedTime }));
      expect(rejection.reason).toBe('updated');
      expect(JSON.stringify(rejection)).not.toContain(canary);
    },
  );

  it('unreadable in the configured field is not papered over by the other', () => {
    const record = vendorLead({
      lastUpdatedTime: '2026-02-30T10:00',
      lastModifiedTime: '2026-03-18T12:00:00',
    });
    expect(rejectionOf(record)).toMatchObject({ reason: 'updated', detail: '2026-02-30T10:00' });
  });
});

describe('hostile input', () => {
  it('keeps NUL, lone surrogates and half characters out of what is kept', () => {
    expect(rejectionOf(withResult({ commission: '1\u00002 3\n4' })).detail).toBe('string(7)');
    expect(rejectionOf(withResult({ commission: '1 2\t3' })).detail).toBe('1 2 3');
    expect(mapLead(vendorLead({ status: 'new\u0000\udfff' }), officeSettings)).toMatchObject({
      status: 'new \ufffd',
    });
  });

  it('takes nothing from a prototype that the record brought along', () => {
    const text =
      '{"id":1,"__proto__":{"status":"success","lastContactedBy":1},"constructor":{"prototype":{"admin":true}}}';
    expect(rejectionOf(JSON.parse(text)).reason).toBe('status');
    const field = '{"id":70163,"__proto__":{"value":"7"}}';
    expect(factOf(vendorLead({ resultData: [JSON.parse(field)] })).commission).toBeNull();
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  it('survives nesting of 100 000', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    expect(mapLead(vendorLead({ extra: deep, resultData: [deep] }), officeSettings)).toMatchObject({
      ignoredFields: 2,
    });
    expect(rejectionOf(deep).reason).toBe('record');
    expect(rejectionOf(vendorLead({ id: deep })).reason).toBe('id');
    expect(rejectionOf(withResult({ commission: deep })).detail).toBe('array(1)');
  });

  it('reads numbers beyond all bounds as what they are', () => {
    expect(rejectionOf(JSON.parse('{"id":1e999}')).reason).toBe('id');
    expect(rejectionOf(vendorLead({ lastContactedBy: NaN })).payload).not.toHaveProperty('lastContactedBy');
    expect(rejectionOf(withResult({ commission: 1e999 }))).toMatchObject({ detail: 'Infinity' });
  });

  it('refuses lists and texts of a size no lead has, quickly', () => {
    const started = performance.now();
    const resultData = new Array(5_001).fill({ id: 1 });
    expect(rejectionOf(vendorLead({ resultData })).reason).toBe('bad-fields');
    const long = 'ä'.repeat(5_000_000);
    expect(rejectionOf(withResult({ commission: long })).detail).toBe('string(5000000)');
    expect(rejectionOf(withResult({ orderDate: '1,'.repeat(2_500_000) })).detail).toHaveLength(40);
    expect(factOf(vendorLead({ resultData: [{ label: long, value: long }] })).commission).toBeNull();
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
