import { describe, expect, it } from 'vitest';
import {
  officeDefaults,
  officeSettings,
  type OfficeSettings,
} from '../../../src/shared/contract/settings.ts';
import {
  findConflicts,
  officeFields,
  readDraft,
  readEntry,
  toEntry,
  type OfficeKey,
} from '../../../src/renderer/settings/office-fields.ts';

const stored: OfficeSettings = {
  timeZone: 'Europe/Stockholm',
  vendorTimeZone: null,
  updatedField: 'lastUpdatedTime',
  commissionField: 'Provision',
  multiDealsField: null,
  orderDateField: '74411',
  deltaSeconds: 120,
  pageSize: 1000,
  brakeShare: 0.05,
  brakeRows: 20,
  commissionChangeIsDuplicate: false,
  backupHour: 3,
  archive: true,
  archiveAfterDays: 365,
  fairBest: false,
  fairImproved: false,
  fairRookieDays: 0,
  fairHideLast: 0,
  adversusUrl: null,
  adversusUser: null,
  roamifyUrl: null,
};
const field = (key: OfficeKey) => {
  const spec = officeFields.find((one) => one.key === key);
  if (spec === undefined) throw new Error(`no field ${key}`);
  return spec;
};

it('every setting of the office has a field, and every field a setting', () => {
  expect(officeFields.map((spec) => spec.key).sort()).toEqual(Object.keys(officeSettings.shape).sort());
});

it('what is stored, shown and read again is the same', () => {
  for (const spec of officeFields) {
    expect(readEntry(spec, toEntry(spec, stored[spec.key])), spec.key).toEqual({ value: stored[spec.key] });
  }
});

it('the limits are those of the contract', () => {
  for (const spec of officeFields) {
    if (!('min' in spec.field)) continue;
    const { min, max } = spec.field;
    for (const entry of [min - 1, min, max, max + 1]) {
      const read = readEntry(spec, String(entry));
      const stored = spec.field.kind === 'share' ? entry / 100 : entry;
      const accepted = officeSettings.safeParse({ ...officeDefaults, [spec.key]: stored }).success;
      expect('value' in read, `${spec.key} ${entry}`).toBe(accepted);
    }
  }
});

describe('readEntry', () => {
  it.each<[OfficeKey, string, unknown]>([
    ['brakeShare', '7,5', { value: 0.075 }],
    ['brakeShare', '0.5', { problem: 'range' }],
    ['deltaSeconds', '14', { problem: 'range' }],
    ['deltaSeconds', '15', { value: 15 }],
    ['deltaSeconds', '1 5', { value: 15 }],
    ['deltaSeconds', '15.5', { problem: 'whole' }],
    ['deltaSeconds', 'två', { problem: 'number' }],
    ['deltaSeconds', '', { problem: 'required' }],
    ['timeZone', '', { problem: 'required' }],
    ['timeZone', 'Europa/Stockholm', { problem: 'zone' }],
    ['vendorTimeZone', '', { value: null }],
    ['adversusUrl', 'api.adversus.dk', { problem: 'url' }],
    ['adversusUrl', 'javascript:alert(1)', { problem: 'url' }],
    ['adversusUrl', 'https://anna:hemligt@api.adversus.dk/v1', { problem: 'url' }],
    ['adversusUrl', ' https://api.adversus.dk/v1 ', { value: 'https://api.adversus.dk/v1' }],
    ['commissionField', '   ', { value: null }],
  ])('%s "%s"', (key, text, expected) => {
    expect(readEntry(field(key), text)).toEqual(expected);
  });
});

describe('readDraft', () => {
  it('takes only what differs', () => {
    expect(readDraft({ deltaSeconds: '60', pageSize: '1000' }, stored)).toEqual({
      patch: { deltaSeconds: 60 },
      problems: {},
      changed: ['deltaSeconds'],
    });
  });

  it('names what is wrong and leaves it out of the change', () => {
    expect(readDraft({ deltaSeconds: '1', brakeRows: '30' }, stored)).toEqual({
      patch: { brakeRows: 30 },
      problems: { deltaSeconds: 'range' },
      changed: ['deltaSeconds', 'brakeRows'],
    });
  });
});

describe('findConflicts', () => {
  it('finds a field changed here and elsewhere to different values, and only that', () => {
    const theirs = { ...stored, brakeRows: 35, deltaSeconds: 60, pageSize: 500 };
    expect(findConflicts({ brakeRows: '50', deltaSeconds: '60' }, stored, theirs)).toEqual(['brakeRows']);
  });
});
