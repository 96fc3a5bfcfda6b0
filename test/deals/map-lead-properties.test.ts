import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapUser, mapCampaign } from '../../src/main/deals/map-agent.ts';
import { mapLead, type MappingSettings } from '../../src/main/deals/map-lead.ts';
import { mapSms } from '../../src/main/deals/map-sms.ts';
import { noteCodes, rejectReasons } from '../../src/shared/contract/mapping-codes.ts';
import { canary, officeSettings, resultFields, vendorLead, vendorSms } from './vendor-records.ts';

/** Values that have broken mappings elsewhere, beside whatever the generator thinks of. */
const hostile = fc.oneof(
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withTypedArray: true,
  }),
  fc.constantFrom<unknown>(
    null,
    undefined,
    '',
    ' ',
    0,
    -0,
    1e999,
    -1e999,
    NaN,
    2 ** 53,
    '\u0000',
    '\ud800',
    '34Dentle',
  ),
  fc.constantFrom<unknown>(
    'now',
    '2026-02-30',
    '2026-03-29 02:30',
    "'; drop table deals; --",
    '<img onerror=x>',
  ),
  fc.string({ unit: 'binary' }),
);

const names = (record: Record<string, unknown>) =>
  fc.constantFrom(...Object.keys(record), '__proto__', 'campaign', 'group');

/** A real record with some fields swapped for hostile ones, dropped, or put inside the lists. */
function mutated(real: Record<string, unknown>): fc.Arbitrary<Record<string, unknown>> {
  const changes = fc.array(fc.tuple(names(real), hostile), { maxLength: 3 });
  const entries = fc.array(
    fc.oneof(hostile, fc.record({ id: fc.constantFrom<unknown>(70163, '70163', 1, null), value: hostile })),
    { maxLength: 3 },
  );
  return fc.tuple(changes, fc.option(entries)).map(([replaced, list]) => {
    const record = list ? { ...real, resultData: list } : { ...real };
    for (const [name, value] of replaced)
      Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
    return record;
  });
}

const settings = fc.record<MappingSettings>({
  commissionField: fc.constantFrom('70163', 'provision', null),
  multiDealsField: fc.constantFrom('MultiDeals', '74126', null),
  orderDateField: fc.constantFrom('ORDER DATE', '70200', null),
  vendorZone: fc.constantFrom('Europe/Stockholm', 'Pacific/Apia'),
  officeZone: fc.constantFrom('Europe/Stockholm', 'America/New_York'),
  updatedField: fc.constantFrom('lastUpdatedTime', 'lastModifiedTime'),
});

/** What both databases and the screens take: plain, well-formed JSON without NUL. */
function expectStorable(value: unknown): void {
  const text = JSON.stringify(value, (_name, part: unknown) => {
    if (typeof part === 'number') expect(Number.isFinite(part)).toBe(true);
    return part;
  });
  expect(text).not.toMatch(/\\u0000|\\ud[89a-f]/);
  expect(text.length).toBeLessThan(1_500);
}

function expectLead(record: unknown, given: MappingSettings): string {
  const mapped = mapLead(record, given);
  expect(mapLead(record, given)).toEqual(mapped);
  expectStorable(mapped);
  if (mapped.kind === 'rejected') {
    expect(rejectReasons).toContain(mapped.rejection.reason);
    expect(mapped.rejection.key).toMatch(/^(\d{1,20}|sha256:[0-9a-f]{64})$/);
  }
  if (mapped.kind === 'deal') {
    const { fact } = mapped;
    expect(fact.leadId).toMatch(/^[1-9]\d{0,19}$/);
    expect(fact.commission ?? '0.00').toMatch(/^-?\d{1,12}\.\d\d$/);
    expect(Number.isInteger(fact.multiDeals) && fact.multiDeals >= 0).toBe(true);
    expect(Number.isNaN(fact.updatedAt.getTime())).toBe(false);
    expect(fact.orderDate === null).toBe(fact.orderDateSource === 'fallback');
    for (const note of fact.notes) expect(noteCodes).toContain(note);
  }
  return mapped.kind;
}

describe('any record at all', () => {
  it('is mapped or rejected, never thrown at', () => {
    fc.assert(
      fc.property(hostile, settings, (record, given) => void expectLead(record, given)),
      { numRuns: 3_000 },
    );
    fc.assert(
      fc.property(hostile, (record) => {
        for (const mapped of [mapSms(record, officeSettings), mapUser(record), mapCampaign(record)])
          expectStorable(mapped);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a real lead with hostile values in it', () => {
  it('is mapped or rejected, always alike', () => {
    const kinds = new Map<string, number>();
    fc.assert(
      fc.property(mutated(vendorLead()), settings, (record, given) => {
        const kind = expectLead(record, given);
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      }),
      { numRuns: 5_000 },
    );
    // Both ways must have been walked, or nothing was tried.
    expect(kinds.get('deal')).toBeGreaterThan(200);
    expect(kinds.get('rejected')).toBeGreaterThan(200);
  });

  it('other records too', () => {
    const user = { id: 4711, displayName: canary, group: { id: 3, name: 'Team' }, active: true };
    fc.assert(
      fc.property(mutated(vendorSms()), (record) => expectStorable(mapSms(record, officeSettings))),
      { numRuns: 3_000 },
    );
    fc.assert(
      fc.property(mutated(user), (record) => expectStorable(mapUser(record))),
      { numRuns: 2_000 },
    );
  });
});

describe('personal text', () => {
  const broken = fc.constantFrom<Record<string, unknown>>(
    ...[{ id: canary }, { id: null }, { status: 7 }, { lastContactedBy: null }, { lastContactedBy: canary }],
    ...[{ masterData: canary }, { resultData: { note: canary } }, { lastUpdatedTime: canary }],
    ...[
      { resultData: resultFields({ commission: 'x' }) },
      { resultData: resultFields({ orderDate: '2026-02-30' }) },
    ],
  );
  const anywhere = fc.constantFrom(
    'externalId',
    'campaignId',
    'contactAttempts',
    'importedTime',
    'name',
    'campaign',
  );

  it('of a lead is in nothing that is kept, whatever made it fail', () => {
    fc.assert(
      fc.property(
        broken,
        fc.array(anywhere),
        fc.array(fc.integer({ min: 1, max: 9 })),
        (changes, places, ids) => {
          const record = vendorLead(changes);
          for (const place of places) record[place] = place === 'campaign' ? { name: canary } : canary;
          const list = record['masterData'];
          if (Array.isArray(list))
            for (const id of ids) list.push({ id, label: canary, value: `${id} ${canary}` });
          const mapped = mapLead(record, officeSettings);
          expect(mapped.kind).toBe('rejected');
          const text = JSON.stringify(mapped);
          for (const word of [...canary.split(' '), '070-123', 'Kommentar']) expect(text).not.toContain(word);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('of a message is in nothing that is kept', () => {
    const brokenSms = fc.constantFrom<Record<string, unknown>>(
      ...[{}, { id: canary }, { type: [canary] }, { userId: null }, { userId: canary }, { receiver: canary }],
      ...[
        { receiver: 46701234567.5 },
        { timestamp: canary },
        { timestamp: '0701234567' },
        { type: 'inbound' },
      ],
    );
    fc.assert(
      fc.property(brokenSms, (changes) => {
        const mapped = mapSms(vendorSms(changes), officeSettings);
        const text = JSON.stringify(mapped);
        for (const word of canary.split(' ')) expect(text).not.toContain(word);
        if (mapped.kind !== 'sms') expect(text).not.toContain('7012345');
        if (mapped.kind !== 'sms') expect(text).not.toContain('70-123');
      }),
    );
  });
});

describe('money', () => {
  const hundredths = fc.bigInt({ min: -99_999_999_999_999n, max: 99_999_999_999_999n });

  function written(amount: bigint): string {
    const digits = String(amount < 0n ? -amount : amount).padStart(3, '0');
    return `${amount < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
  }

  function commissionOf(commission: unknown): string | null {
    const mapped = mapLead(vendorLead({ resultData: resultFields({ commission }) }), officeSettings);
    if (mapped.kind !== 'deal') throw new Error(JSON.stringify(mapped));
    return mapped.fact.commission;
  }

  it('comes out as it went in, as text and as a JSON number', () => {
    fc.assert(
      fc.property(hundredths, (amount) => {
        const exact = written(amount);
        expect(commissionOf(exact)).toBe(exact);
        expect(commissionOf(JSON.parse(exact))).toBe(exact);
        expect(commissionOf(`+00${exact}`.replace('+00-', '-00'))).toBe(exact);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is rounded half away from zero, as integers would be', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 99_999_999_999_999_999n }), fc.boolean(), (parts, negative) => {
        const digits = String(parts).padStart(6, '0');
        const rounded = (parts + 50n) / 100n;
        const text = `${digits.slice(0, -4)}.${digits.slice(-4)}`;
        fc.pre(rounded < 100_000_000_000_000n);
        const sign = negative && rounded !== 0n ? '-' : '';
        expect(commissionOf(`${negative ? '-' : ''}${text}`)).toBe(`${sign}${written(rounded)}`);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('speed', () => {
  it('takes no more processor time than five times what reading them as JSON takes', () => {
    const leads = Array.from({ length: 20_000 }, (_, index) =>
      vendorLead({
        id: index + 1,
        lastUpdatedTime: new Date(Date.UTC(2026, 1, 20) + index * 30_000).toISOString(),
      }),
    );
    const text = JSON.stringify(leads);
    const cpuOf = (work: () => unknown) => {
      const before = process.threadCpuUsage();
      work();
      const used = process.threadCpuUsage(before);
      return used.user + used.system;
    };
    // Side by side, the best of five: the machine is shared, and the first run also compiles.
    const best = (work: () => unknown) => Math.min(...Array.from({ length: 5 }, () => cpuOf(work)));
    const mapping = best(() =>
      expect(leads.filter((lead) => mapLead(lead, officeSettings).kind === 'deal')).toHaveLength(20_000),
    );
    expect(mapping / best(() => JSON.parse(text))).toBeLessThan(5);
  });
});
