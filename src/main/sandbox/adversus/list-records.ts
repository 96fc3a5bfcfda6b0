import { hashText } from '../seeded-random.ts';
import { parseFilters, type Condition, type Properties, type StampText } from './filters.ts';
import type { AdversusSwitches } from './switches.ts';
import { VendorRefusal } from './vendor-refusal.ts';

/** Where the records of a list come from. */
export interface ListSource<T extends { readonly id: number }> {
  readonly properties: Properties<T>;
  /** The property the records are kept in order of, if any. */
  readonly stampProperty?: string;
  /** Those with a stamp strictly between the two, oldest first (any order without `stampProperty`). */
  between(after: number, before: number): readonly T[];
  /** Differs whenever the answer could. */
  readonly version: string;
}

export interface ListQuery {
  readonly filters?: string;
  readonly page?: string;
  readonly pageSize?: string;
  readonly includeMeta?: string;
  readonly sortProperty?: string;
  readonly sortDirection?: string;
}

export interface Page<T> {
  readonly rows: readonly T[];
  readonly page: number;
  readonly pageSize: number;
  readonly total: number;
}

/** Finds pages; remembers the last matching set, because a console reads the same one page after page. */
export class ListReader<T extends { readonly id: number }> {
  #key = '';
  #matching: readonly T[] = [];

  /** One page; throws a 400 for what the vendor would refuse. `requestNumber` shuffles ties when so switched. */
  read(
    source: ListSource<T>,
    query: ListQuery,
    switches: Readonly<AdversusSwitches>,
    stamps: StampText,
    requestNumber: number,
  ): Page<T> {
    const page = readWhole('page', query.page, 1);
    const pageSize = readPageSize(query.pageSize, switches);
    const shuffle = switches.tieOrder === 'shuffled' ? requestNumber : 0;
    const key = JSON.stringify([
      source.version,
      query.filters,
      query.sortProperty,
      query.sortDirection,
      shuffle,
    ]);
    if (key !== this.#key) {
      this.#matching = find(source, query, stamps, shuffle);
      this.#key = key;
    }
    const from = (page - 1) * pageSize;
    return {
      rows: this.#matching.slice(from, from + pageSize),
      page,
      pageSize,
      total: this.#matching.length,
    };
  }
}

function find<T extends { readonly id: number }>(
  source: ListSource<T>,
  query: ListQuery,
  stamps: StampText,
  shuffle: number,
): readonly T[] {
  const conditions = parseFilters(query.filters, source.properties, stamps);
  const { after, before, rest } = splitRange(conditions, source.stampProperty);
  const found = source.between(after, before);
  const matching =
    rest.length === 0 ? [...found] : found.filter((row) => rest.every((test) => test.matches(row)));
  return sort(matching, source, query, shuffle);
}

/** Takes the conditions a sorted list answers by itself out of the others. */
function splitRange<T>(conditions: readonly Condition<T>[], stampProperty: string | undefined) {
  let after = -Infinity;
  let before = Infinity;
  const rest: Condition<T>[] = [];
  for (const condition of conditions) {
    const { property, operator, value } = condition;
    if (property !== stampProperty || typeof value !== 'number') rest.push(condition);
    else if (operator === '$gt') after = Math.max(after, value);
    else if (operator === '$lt') before = Math.min(before, value);
    else rest.push(condition);
  }
  return { after, before, rest };
}

function sort<T extends { readonly id: number }>(
  rows: T[],
  source: ListSource<T>,
  query: ListQuery,
  shuffle: number,
): readonly T[] {
  const name = query.sortProperty ?? 'id';
  const property = Object.hasOwn(source.properties, name) ? source.properties[name] : undefined;
  if (property === undefined) throw new VendorRefusal(400, `Unknown sort property: ${name}`);
  const direction = (query.sortDirection ?? 'ASC').toUpperCase();
  if (direction !== 'ASC' && direction !== 'DESC')
    throw new VendorRefusal(400, 'sortDirection must be ASC or DESC');

  if (shuffle === 0 && name === source.stampProperty) return direction === 'ASC' ? rows : rows.reverse();
  const sign = direction === 'ASC' ? 1 : -1;
  const tie = (row: T) => (shuffle === 0 ? row.id : hashText(`${shuffle}:${row.id}`));
  return rows
    .map((row) => ({ row, value: property.read(row), tie: tie(row) }))
    .sort((a, b) => sign * (compareValues(a.value, b.value) || a.tie - b.tie))
    .map(({ row }) => row);
}

type Value = number | string | boolean | null;

function compareValues(a: Value, b: Value): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  return a < b ? -1 : 1;
}

function readPageSize(text: string | undefined, { maxPageSize, abovePageSize }: AdversusSwitches): number {
  const asked = readWhole('pageSize', text, maxPageSize);
  if (asked <= maxPageSize) return asked;
  if (abovePageSize === 'refuse')
    throw new VendorRefusal(400, `pageSize must be between 1 and ${maxPageSize}`);
  return maxPageSize;
}

function readWhole(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined || text === '') return otherwise;
  const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (number < 1) throw new VendorRefusal(400, `${name} must be a whole number from 1`);
  return number;
}
