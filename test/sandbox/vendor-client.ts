import type { AdversusSandbox } from '../../src/main/sandbox/adversus/start-adversus.ts';

export interface Got {
  status: number;
  text: string;
  headers: Headers;
  /** Parsed when asked for; throws for a body that is not JSON. */
  json: () => unknown;
}

export type Query = Record<string, string | number | object>;

/** One GET with the right password; objects in the query are sent as JSON. */
export async function get(
  sandbox: AdversusSandbox,
  path: string,
  query: Query = {},
  init: RequestInit = {},
): Promise<Got> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    search.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  const headers = new Headers(init.headers);
  if (!headers.has('authorization')) headers.set('authorization', basic(sandbox.user, sandbox.password));
  const response = await fetch(`${sandbox.url}${path}?${search.toString()}`, { ...init, headers });
  const text = await response.text();
  return {
    status: response.status,
    text,
    headers: response.headers,
    json: () => JSON.parse(text) as unknown,
  };
}

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

export type Row = Record<string, unknown>;

export interface MetaPage {
  meta: {
    pagination: {
      page: number;
      pageCount: number;
      pageSize: number;
      total: number;
      firstUrl: string | null;
      previousUrl: string | null;
      nextUrl: string | null;
      lastUrl: string | null;
    };
  };
  leads: Row[];
}

/** One page of leads with meta; throws when the vendor refuses. */
export async function leadsPage(sandbox: AdversusSandbox, query: Query = {}): Promise<MetaPage> {
  const got = await get(sandbox, '/leads', { includeMeta: 'true', ...query });
  if (got.status !== 200) throw new Error(`${got.status} ${got.text}`);
  return got.json() as MetaPage;
}

/** Ids of the leads a query finds on its first page. */
export async function leadIds(sandbox: AdversusSandbox, query: Query = {}): Promise<unknown[]> {
  return (await leadsPage(sandbox, query)).leads.map((lead) => lead['id']);
}
