import { isRecord, unreadable, type Unreadable } from './read-value.ts';

/** Far more than any lead has; a list beyond it is an attack or an accident. */
const maxEntries = 5_000;
/** No setting is longer, so no longer label can be the one. */
const maxLabelLength = 200;

/** Values of the fields asked for, in the order asked (undefined: the lead has no such field). */
export interface CustomFields {
  values: unknown[];
  /** Entries that were no field at all. */
  malformed: number;
}

/**
 * Finds a lead's custom fields by id or by label (trimmed, in any case), in resultData first, then in masterData;
 * the first entry found is the one, even if it is blank. A name that is null or blank finds nothing.
 */
export function readCustomFields(
  record: Record<string, unknown>,
  names: readonly (string | null)[],
): CustomFields | Unreadable {
  const wanted = names.map((name) => (name === null || name.trim() === '' ? null : wantedField(name)));
  const found = names.map(() => false);
  const fields: CustomFields = { values: names.map(() => undefined), malformed: 0 };
  for (const list of [record['resultData'] ?? [], record['masterData'] ?? []]) {
    if (!Array.isArray(list) || list.length > maxEntries) return unreadable;
    for (const entry of list as unknown[]) {
      const field = readEntry(entry);
      if (!field) fields.malformed += 1;
      else takeValue(field, wanted, found, fields.values);
    }
  }
  return fields;
}

interface WantedField {
  id: string;
  label: string;
}

interface FieldEntry {
  id: string | null;
  label: string | null;
  value: unknown;
}

function wantedField(name: string): WantedField {
  return { id: name.trim(), label: comparable(name) };
}

// An account has a few dozen labels, repeated on every lead; what was worked out for them is kept.
const comparableLabels = new Map<string, string>();
const comparableLabelsKept = 2_000;

/** Labels are typed by people: in any case, and é may come as one character or as two. */
function comparable(label: string): string {
  const known = comparableLabels.get(label);
  if (known !== undefined) return known;
  const text = label.trim().normalize('NFC').toLowerCase();
  if (comparableLabels.size >= comparableLabelsKept) comparableLabels.clear();
  comparableLabels.set(label, text);
  return text;
}

function readEntry(entry: unknown): FieldEntry | null {
  if (!isRecord(entry)) return null;
  const { id, label } = entry;
  const idText = typeof id === 'number' ? String(id) : typeof id === 'string' ? id : null;
  const labelText = typeof label === 'string' ? label : null;
  return idText === null && labelText === null
    ? null
    : { id: idText, label: labelText, value: entry['value'] };
}

function takeValue(
  field: FieldEntry,
  wanted: (WantedField | null)[],
  found: boolean[],
  values: unknown[],
): void {
  const label = field.label !== null && field.label.length <= maxLabelLength ? comparable(field.label) : null;
  for (let index = 0; index < wanted.length; index += 1) {
    const want = wanted[index];
    if (!want || found[index] || (want.id !== field.id && want.label !== label)) continue;
    found[index] = true;
    values[index] = field.value;
  }
}
