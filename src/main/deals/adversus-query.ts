/** Lists that the client reads. */
export type Resource = 'leads' | 'sms' | 'users' | 'campaigns';

/** The two names integrators know the lead's last-updated stamp by; which one works depends on the account. */
export type UpdatedField = 'lastUpdatedTime' | 'lastModifiedTime';

type Operator = '$eq' | '$neq' | '$gt' | '$lt' | '$c' | '$nc';

/** Filters as the vendor takes them; dates are sent in UTC without milliseconds. There is no `$gte` or `$lte`. */
export type Filters = Record<string, Partial<Record<Operator, string | number | Date>>>;

export interface ListQuery {
  filters?: Filters;
  sortProperty?: string;
  sortDirection?: 'ASC' | 'DESC';
}

export interface PageQuery extends ListQuery {
  /** From 1. */
  page: number;
  pageSize: number;
}

/** Both ends exclusive, whole seconds. */
export interface Bounds {
  after: Date;
  before?: Date;
}

/** Success leads by last-updated stamp, newest first. Either name of the stamp may be given; the client knows which works. */
export function successLeads(bounds: Bounds): ListQuery {
  return {
    filters: { status: { $eq: 'success' }, lastUpdatedTime: exclusive(bounds) },
    sortProperty: 'lastUpdatedTime',
    sortDirection: 'DESC',
  };
}

/** Outbound SMS by sending time, newest first. Their status cannot be filtered, only read. */
export function outboundSms(bounds: Bounds): ListQuery {
  return {
    filters: { type: { $eq: 'outbound' }, timestamp: exclusive(bounds) },
    sortProperty: 'timestamp',
    sortDirection: 'DESC',
  };
}

/** Bounds that, exclusive and in whole seconds, let every instant of the half-open range through (and up to 1 s more). */
export function widen(range: { start: Date; end: Date }): Required<Bounds> {
  return {
    after: new Date(Math.ceil(range.start.getTime() / 1_000) * 1_000 - 1_000),
    before: new Date(Math.ceil(range.end.getTime() / 1_000) * 1_000),
  };
}

function exclusive(bounds: Bounds): Filters[string] {
  return bounds.before ? { $gt: bounds.after, $lt: bounds.before } : { $gt: bounds.after };
}

/** The instant as the vendor's filters take it, `2016-06-26T11:21:32Z`; milliseconds are dropped. */
export function vendorStamp(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`;
}

/** The query string of a page, the last-updated stamp under the name in use. */
export function queryString(resource: Resource, query: PageQuery, field: UpdatedField): string {
  const name = (property: string) => (resource === 'leads' && isUpdatedField(property) ? field : property);
  const parameters = new URLSearchParams({
    page: String(query.page),
    pageSize: String(query.pageSize),
    includeMeta: 'true',
  });
  if (query.sortProperty) parameters.set('sortProperty', name(query.sortProperty));
  if (query.sortDirection) parameters.set('sortDirection', query.sortDirection);
  if (query.filters) {
    const filters = Object.entries(query.filters).map(([property, tests]) => [
      name(property),
      sendable(tests),
    ]);
    parameters.set('filters', JSON.stringify(Object.fromEntries(filters)));
  }
  return parameters.toString();
}

function sendable(tests: Filters[string]): Record<string, string | number> {
  const entries = Object.entries(tests).map(([op, value]) => [
    op,
    value instanceof Date ? vendorStamp(value) : value,
  ]);
  return Object.fromEntries(entries) as Record<string, string | number>;
}

/** True when the query depends on which name the last-updated stamp has. */
export function usesUpdatedField(resource: Resource, query: PageQuery): boolean {
  const properties = [query.sortProperty ?? '', ...Object.keys(query.filters ?? {})];
  return resource === 'leads' && properties.some(isUpdatedField);
}

function isUpdatedField(property: string): property is UpdatedField {
  return property === 'lastUpdatedTime' || property === 'lastModifiedTime';
}
