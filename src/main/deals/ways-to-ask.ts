import { usesUpdatedField, type PageQuery, type Resource, type UpdatedField } from './adversus-query.ts';

/** What the vendor's refusals taught, for the clients that come after. */
export interface Learned {
  /** The stamp's name that it takes, where the setting's was refused. */
  updatedField?: UpdatedField;
  /** Lists of which it gives no more than so many records a page. */
  mostPerPage: Partial<Record<Resource, number>>;
}

/** What may be the reason for a 400: the stamp's name, and how many records are asked for. */
export interface WayToAsk {
  name: UpdatedField;
  pageSize: number;
}

/** The vendor's documentation names 100 as the most, beside examples with 1000. */
const documentedPageSize = 100;

/** Whether an answer refuses what was asked, not who asks: documented is 400, 422 says the same. */
export function refusesQuery(status: number | null): boolean {
  return status === 400 || status === 422;
}

/** The ways to ask for a page, best first. A later page is asked for in as many records as the first was. */
export function waysToAsk(
  resource: Resource,
  query: PageQuery,
  name: UpdatedField,
  most: number | undefined,
): WayToAsk[] {
  const other: UpdatedField = name === 'lastUpdatedTime' ? 'lastModifiedTime' : 'lastUpdatedTime';
  const names = usesUpdatedField(resource, query) ? [name, other] : [name];
  const size = query.page === 1 ? Math.min(query.pageSize, most ?? Infinity) : query.pageSize;
  const sizes = query.page === 1 && size > documentedPageSize ? [size, documentedPageSize] : [size];
  return sizes.flatMap((pageSize) => names.map((one) => ({ name: one, pageSize })));
}
