import { UpstreamError } from '../upstream/upstream-error.ts';
import { vendorWords } from '../upstream/read-json.ts';

/** Where a page stands in its list, as far as the vendor says; null: it does not. */
export interface PageMeta {
  page: number | null;
  pageCount: number | null;
  pageSize: number | null;
  total: number | null;
  /** Whether it names a next page; left out where it does not say. */
  hasNext?: boolean;
}

const advice = 'Nothing was applied; the next pass tries again. If it stays so, ask the vendor.';

/**
 * Opens a list answer: `{meta, <resource>: […]}`, `{<resource>: […]}` or a bare array; meta is null when it says
 * nothing. UPSTREAM_UNREADABLE for everything else, errors sent with status 200 included.
 */
export function openList(resource: string, body: unknown): { records: unknown[]; meta: PageMeta | null } {
  if (Array.isArray(body)) return { records: body, meta: null };
  refuseErrorBody(body);
  const list = isObject(body) && Object.hasOwn(body, resource) ? body[resource] : undefined;
  if (!isObject(body) || !Array.isArray(list)) {
    throw unreadable(`Adversus answered ${kindOf(body)} instead of a list of ${resource}. ${advice}`);
  }
  return { records: list, meta: readMeta(body['meta']) };
}

function readMeta(meta: unknown): PageMeta | null {
  const pagination = isObject(meta) ? (meta['pagination'] ?? {}) : (meta ?? {});
  if (!isObject(pagination))
    throw unreadable(`Adversus sent a page with unusable meta.pagination. ${advice}`);
  const next = pagination['nextUrl'];
  const read: PageMeta = {
    page: readCount(pagination, 'page', 1),
    pageCount: readCount(pagination, 'pageCount', 0),
    pageSize: readCount(pagination, 'pageSize', 1),
    total: readCount(pagination, 'total', 0),
    ...(typeof next === 'string' || next === null ? { hasNext: !!next?.trim() } : {}),
  };
  return Object.values(read).every((value) => value === null) ? null : read;
}

type Counted = Exclude<keyof PageMeta, 'hasNext'>;

/** Null where it is not given; what is given has to be a count, or nothing of the page can be trusted. */
function readCount(pagination: Record<string, unknown>, field: Counted, least: number): number | null {
  const value = pagination[field];
  if (value === undefined || value === null) return null;
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < least) {
    throw unreadable(`Adversus sent a page with unusable meta.pagination.${field}. ${advice}`);
  }
  return count;
}

/** Opens the answer for one record, wrapped in a list or bare; null when the list is empty. */
export function openSingle(resource: string, id: string, body: unknown): Record<string, unknown> | null {
  // 'Nothing there' has several spellings; an answer cut short does not parse and never comes this far.
  if (body === null || (isObject(body) && Object.keys(body).length === 0)) return null;
  let candidates: unknown[];
  if (isObject(body) && !Object.hasOwn(body, resource) && Object.hasOwn(body, 'id')) candidates = [body];
  else candidates = openList(resource, body).records;
  if (candidates.length === 0) return null;
  const record = candidates[0];
  // Another record than asked for says nothing about this one, and must not pass for its absence.
  if (candidates.length > 1 || !isObject(record) || recordId(record) !== id) {
    throw unreadable(`Adversus answered with something else than record ${id} of ${resource}. ${advice}`);
  }
  return record;
}

/** A record's id as text: a positive safe integer or a digit string; null when it has none that can be used. */
export function recordId(record: unknown): string | null {
  const id = isObject(record) && Object.hasOwn(record, 'id') ? record['id'] : undefined;
  if (typeof id === 'number') return Number.isSafeInteger(id) && id > 0 ? String(id) : null;
  return typeof id === 'string' && /^\d{1,40}$/.test(id) ? id : null;
}

/** The vendor's words in an error body of either shape, for people; null when there are none. */
export function errorWords(body: unknown): string | null {
  const message = isObject(body) ? body['message'] : undefined;
  return typeof message === 'string' && message.trim() !== '' ? vendorWords(message) : null;
}

function refuseErrorBody(body: unknown): void {
  if (!isObject(body)) return;
  const isError =
    body['status'] === 'error' || (typeof body['message'] === 'string' && Object.hasOwn(body, 'code'));
  if (isError) throw unreadable(`Adversus answered with an error in place of data. ${advice}`);
}

function kindOf(body: unknown): string {
  if (body === null) return 'null';
  return isObject(body) ? 'an object without it' : `a ${typeof body}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unreadable(message: string): UpstreamError {
  return new UpstreamError('UPSTREAM_UNREADABLE', message);
}
