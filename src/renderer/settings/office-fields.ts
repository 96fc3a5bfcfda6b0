import type { OfficeSettingKey, OfficeSettings } from '../../shared/contract/settings.ts';
import { isZone } from '../i18n/format.ts';

export type OfficeKey = OfficeSettingKey;

export const officeSections = [
  'adversus',
  'fields',
  'time',
  'schedule',
  'boards',
  'safety',
  'roamify',
] as const;
export type OfficeSection = (typeof officeSections)[number];

/** How one setting is shown and checked. `share` is held from 0 to 1 and shown in percent. */
export type FieldKind =
  | { readonly kind: 'text'; readonly optional: true }
  | { readonly kind: 'url'; readonly optional: true }
  | { readonly kind: 'zone'; readonly optional: boolean }
  | {
      readonly kind: 'whole' | 'share';
      readonly min: number;
      readonly max: number;
      readonly unit: 'seconds' | 'rows' | 'percent' | 'hour' | 'days' | 'places';
    }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  | { readonly kind: 'switch' };

export interface OfficeField {
  readonly key: OfficeKey;
  readonly section: OfficeSection;
  readonly field: FieldKind;
}

/** Every setting of the office, in the order of the screen; limits are the contract's. */
export const officeFields: readonly OfficeField[] = [
  { key: 'adversusUrl', section: 'adversus', field: { kind: 'url', optional: true } },
  { key: 'adversusUser', section: 'adversus', field: { kind: 'text', optional: true } },
  {
    key: 'updatedField',
    section: 'adversus',
    field: { kind: 'choice', of: ['lastUpdatedTime', 'lastModifiedTime'] },
  },
  { key: 'commissionField', section: 'fields', field: { kind: 'text', optional: true } },
  { key: 'multiDealsField', section: 'fields', field: { kind: 'text', optional: true } },
  { key: 'orderDateField', section: 'fields', field: { kind: 'text', optional: true } },
  { key: 'timeZone', section: 'time', field: { kind: 'zone', optional: false } },
  { key: 'vendorTimeZone', section: 'time', field: { kind: 'zone', optional: true } },
  { key: 'deltaSeconds', section: 'schedule', field: { kind: 'whole', min: 15, max: 600, unit: 'seconds' } },
  { key: 'pageSize', section: 'schedule', field: { kind: 'whole', min: 10, max: 1000, unit: 'rows' } },
  { key: 'fairBest', section: 'boards', field: { kind: 'switch' } },
  { key: 'fairImproved', section: 'boards', field: { kind: 'switch' } },
  { key: 'fairRookieDays', section: 'boards', field: { kind: 'whole', min: 0, max: 365, unit: 'days' } },
  { key: 'fairHideLast', section: 'boards', field: { kind: 'whole', min: 0, max: 100, unit: 'places' } },
  { key: 'brakeShare', section: 'safety', field: { kind: 'share', min: 1, max: 100, unit: 'percent' } },
  { key: 'brakeRows', section: 'safety', field: { kind: 'whole', min: 1, max: 1000, unit: 'rows' } },
  { key: 'commissionChangeIsDuplicate', section: 'safety', field: { kind: 'switch' } },
  { key: 'archive', section: 'safety', field: { kind: 'switch' } },
  {
    key: 'archiveAfterDays',
    section: 'safety',
    field: { kind: 'whole', min: 60, max: 3650, unit: 'days' },
  },
  { key: 'backupHour', section: 'safety', field: { kind: 'whole', min: 0, max: 23, unit: 'hour' } },
  { key: 'roamifyUrl', section: 'roamify', field: { kind: 'url', optional: true } },
];

/** What stands in a field while a person edits it: text, or on/off. */
export type Entry = string | boolean;
export type Problem = 'zone' | 'whole' | 'number' | 'range' | 'url' | 'required';
type Value = OfficeSettings[OfficeKey];

/** A stored value as its field shows it. */
export function toEntry({ field }: OfficeField, value: Value): Entry {
  if (field.kind === 'switch') return value === true;
  if (value === null) return '';
  if (field.kind === 'share') return String(Math.round(Number(value) * 10_000) / 100);
  return String(value);
}

function readNumber(
  text: string,
  field: { kind: 'whole' | 'share'; min: number; max: number },
): number | Problem {
  const tidy = text.replace(/[\s\u00a0]/g, '').replace(',', '.');
  if (tidy === '') return 'required';
  const number = Number(tidy);
  if (!Number.isFinite(number)) return 'number';
  if (field.kind === 'whole' && !Number.isInteger(number)) return 'whole';
  return number < field.min || number > field.max ? 'range' : number;
}

function isUrl(text: string): boolean {
  try {
    const url = new URL(text);
    return /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.search === '';
  } catch {
    return false;
  }
}

/** Reads what was entered: the value to store, or what is wrong with it. */
export function readEntry({ field }: OfficeField, entry: Entry): { value: Value } | { problem: Problem } {
  if (field.kind === 'switch') return { value: entry === true };
  const text = String(entry).trim();
  if (field.kind === 'whole' || field.kind === 'share') {
    const read = readNumber(text, field);
    if (typeof read === 'string') return { problem: read };
    return { value: field.kind === 'share' ? Math.round(read * 100) / 10_000 : read };
  }
  if (text === '') return 'optional' in field && field.optional ? { value: null } : { problem: 'required' };
  if (field.kind === 'zone' && !isZone(text)) return { problem: 'zone' };
  if (field.kind === 'url' && !isUrl(text)) return { problem: 'url' };
  return { value: text };
}

export type Draft = Readonly<Partial<Record<OfficeKey, Entry>>>;

/** What a draft would change, field by field, and what is wrong in it. Untouched and equal fields are left out. */
export function readDraft(
  draft: Draft,
  settings: OfficeSettings,
): { patch: Partial<OfficeSettings>; problems: Partial<Record<OfficeKey, Problem>>; changed: OfficeKey[] } {
  const patch: Partial<Record<OfficeKey, Value>> = {};
  const problems: Partial<Record<OfficeKey, Problem>> = {};
  const changed: OfficeKey[] = [];
  for (const spec of officeFields) {
    const entry = draft[spec.key];
    if (entry === undefined || entry === toEntry(spec, settings[spec.key])) continue;
    const read = readEntry(spec, entry);
    if ('problem' in read) problems[spec.key] = read.problem;
    else if (read.value === settings[spec.key]) continue;
    else patch[spec.key] = read.value;
    changed.push(spec.key);
  }
  return { patch: patch as Partial<OfficeSettings>, problems, changed };
}

/** Fields that a person changed here and somebody else changed meanwhile, to something else. */
export function findConflicts(draft: Draft, base: OfficeSettings, theirs: OfficeSettings): OfficeKey[] {
  return officeFields
    .filter((spec) => {
      const mine = draft[spec.key];
      if (mine === undefined || mine === toEntry(spec, base[spec.key])) return false;
      return base[spec.key] !== theirs[spec.key] && mine !== toEntry(spec, theirs[spec.key]);
    })
    .map((spec) => spec.key);
}
