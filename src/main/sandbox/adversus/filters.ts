import { VendorRefusal } from './vendor-refusal.ts';

/** A property that can be filtered or sorted by, and how its value is compared. Stamps are milliseconds. */
export interface Property<T> {
  readonly kind: 'number' | 'text' | 'stamp' | 'boolean';
  readonly read: (record: T) => number | string | boolean | null;
  readonly filterable?: boolean;
}

export type Properties<T> = Readonly<Record<string, Property<T>>>;

const operators = ['$eq', '$neq', '$gt', '$lt', '$c', '$nc'] as const;
export type Operator = (typeof operators)[number];

export interface Condition<T> {
  readonly property: string;
  readonly operator: Operator;
  readonly value: number | string | boolean | null;
  readonly matches: (record: T) => boolean;
}

export interface StampText {
  /** null when the text is not a stamp. */
  read(text: string): number | null;
  write(instant: number): string;
}

/** Reads `filters`; throws a 400 for bad JSON, an unknown property or operator, or an unreadable value. */
export function parseFilters<T>(
  text: string | undefined,
  properties: Properties<T>,
  stamps: StampText,
): Condition<T>[] {
  if (text === undefined || text === '') return [];
  return Object.entries(readObject(text, 'filters')).flatMap(([name, tests]) => {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (property === undefined || property.filterable === false) {
      throw new VendorRefusal(400, `Unsupported filter property: ${name}`);
    }
    if (typeof tests !== 'object' || tests === null || Array.isArray(tests)) {
      throw new VendorRefusal(400, `Filter of ${name} is not an object`);
    }
    return Object.entries(tests).map(([operator, value]) =>
      readCondition(name, property, operator, value, stamps),
    );
  });
}

function readObject(text: string, name: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw Object.assign(new VendorRefusal(400, `${name} is not valid JSON`), { cause });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new VendorRefusal(400, `${name} is not an object`);
  }
  return parsed as Record<string, unknown>;
}

function readCondition<T>(
  name: string,
  property: Property<T>,
  operator: string,
  given: unknown,
  stamps: StampText,
): Condition<T> {
  if (!isOperator(operator)) throw new VendorRefusal(400, `Unknown filter operator: ${operator}`);
  const contains = operator === '$c' || operator === '$nc';
  const value = contains ? String(given) : readValue(name, property, given, stamps);
  const shown = (record: T) => {
    const held = property.read(record);
    return property.kind === 'stamp' && typeof held === 'number' ? stamps.write(held) : String(held ?? '');
  };
  const matches = contains
    ? (record: T) => shown(record).toLowerCase().includes(String(value).toLowerCase()) === (operator === '$c')
    : (record: T) => compare(operator, property.read(record), value);
  return { property: name, operator, value, matches };
}

function isOperator(text: string): text is Operator {
  return (operators as readonly string[]).includes(text);
}

function readValue<T>(name: string, property: Property<T>, given: unknown, stamps: StampText) {
  if (given === null) return null;
  const refuse = () => new VendorRefusal(400, `Invalid value for ${name}`);
  if (property.kind === 'stamp') {
    const instant = typeof given === 'string' ? stamps.read(given) : null;
    if (instant === null) throw refuse();
    return instant;
  }
  if (property.kind === 'number') {
    const number = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
    if (typeof number !== 'number' || !Number.isFinite(number)) throw refuse();
    return number;
  }
  if (property.kind === 'boolean') return given === true || given === 1 || given === 'true' || given === '1';
  if (typeof given !== 'string' && typeof given !== 'number') throw refuse();
  return String(given);
}

// Ranges are exclusive at both ends; a property without value is in no range.
function compare(
  operator: Operator,
  held: number | string | boolean | null,
  value: Condition<unknown>['value'],
): boolean {
  if (operator === '$eq') return held === value;
  if (operator === '$neq') return held !== value;
  if (held === null || value === null) return false;
  return operator === '$gt' ? held > value : held < value;
}
