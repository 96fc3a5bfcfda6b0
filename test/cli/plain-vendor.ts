import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Wire = { [name: string]: unknown };

/** What the vendor's answers look like; changed by a test while it runs. */
export interface PlainVendor {
  url: string;
  environment: Record<string, string>;
  leads: Wire[];
  sms: Wire[];
  users: Wire[];
  campaigns: Wire[];
  behaviour: {
    stamp: 'lastUpdatedTime' | 'lastModifiedTime';
    honoursFilters: boolean;
    meta: boolean;
    /** What `meta.pagination` holds; null: everything. */
    says: readonly string[] | null;
    pageSizeCap: number;
    /** More records a page than the cap get 400 instead of fewer. */
    refusesAboveCap: boolean;
    /** Look-ups of single leads are refused with this status; null: answered. */
    lookUps: number | null;
    /** Page numbers are ignored: every page is the first. */
    alwaysFirstPage: boolean;
    password: string;
    delayMs: number;
    /** Answers in place of the vendor's own; false: leave it to the vendor. */
    instead: ((request: Asked, response: ServerResponse) => boolean) | null;
  };
  seen: { asked: Asked[]; mostAtOnce: number; mostPerMinute: number; refused: number };
  close(): Promise<void>;
}

export interface Asked {
  path: string;
  page: number;
  at: number;
  query: URLSearchParams;
}

/**
 * A second opinion on the wire format: written from the vendor's documented behaviour alone, sharing nothing with
 * the simulated vendor of the program. Counts calls as the vendor does and answers 429 above 60 a minute or 2 at once.
 */
export async function startPlainVendor(): Promise<PlainVendor> {
  let inFlight = 0;
  const vendor: PlainVendor = {
    url: '',
    environment: {},
    leads: [],
    sms: [],
    users: [],
    campaigns: [],
    behaviour: {
      stamp: 'lastUpdatedTime',
      honoursFilters: true,
      meta: true,
      says: null,
      pageSizeCap: 1000,
      refusesAboveCap: false,
      lookUps: null,
      alwaysFirstPage: false,
      password: 'hemligt-9137',
      delayMs: 0,
      instead: null,
    },
    seen: { asked: [], mostAtOnce: 0, mostPerMinute: 0, refused: 0 },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://vendor');
    const asked = {
      path: url.pathname,
      page: Number(url.searchParams.get('page') ?? 1),
      at: Date.now(),
      query: url.searchParams,
    };
    vendor.seen.asked.push(asked);
    const lastMinute = vendor.seen.asked.filter((other) => other.at > asked.at - 60_000).length;
    vendor.seen.mostPerMinute = Math.max(vendor.seen.mostPerMinute, lastMinute);
    inFlight += 1;
    vendor.seen.mostAtOnce = Math.max(vendor.seen.mostAtOnce, inFlight);
    let open = true;
    response.on('close', () => {
      if (open) inFlight -= 1;
      open = false;
    });
    if (inFlight > 2 || lastMinute > 60) {
      vendor.seen.refused += 1;
      return send(response, 429, { code: 429, message: 'too many active requests' });
    }
    if (vendor.behaviour.delayMs > 0) await new Promise((done) => setTimeout(done, vendor.behaviour.delayMs));
    if (vendor.behaviour.instead?.(asked, response)) return;
    const wanted = `Basic ${Buffer.from(`api:${vendor.behaviour.password}`).toString('base64')}`;
    if (request.headers.authorization !== wanted)
      return send(response, 401, { status: 'error', message: 'Authentication failed' });
    const [, version, resource, id, ...rest] = url.pathname.split('/');
    if (version !== 'v1' || rest.length > 0 || !isResource(resource))
      return send(response, 404, { code: 404, message: 'Not found' });
    if (id !== undefined) return answerOne(response, resource, id);
    answerList(response, resource, url.searchParams);
  }

  function answerOne(response: ServerResponse, resource: Resource, id: string): void {
    const { lookUps } = vendor.behaviour;
    if (resource === 'leads' && lookUps !== null)
      return send(response, lookUps, { code: lookUps, message: 'Not allowed' });
    const found = vendor[resource].filter((record) => String(record['id']) === id);
    if (found.length === 0) return send(response, 404, { code: 404, message: 'Not found' });
    send(response, 200, { [resource]: found });
  }

  function answerList(response: ServerResponse, resource: Resource, query: URLSearchParams): void {
    const { stamp, honoursFilters, meta, says, pageSizeCap, refusesAboveCap, alwaysFirstPage } =
      vendor.behaviour;
    const wished = Number(query.get('pageSize') ?? 1000);
    if (refusesAboveCap && wished > pageSizeCap)
      return send(response, 400, { code: 400, message: `pageSize must be between 1 and ${pageSizeCap}` });
    const other = stamp === 'lastUpdatedTime' ? 'lastModifiedTime' : 'lastUpdatedTime';
    const filters = JSON.parse(query.get('filters') ?? '{}') as Record<string, Record<string, string>>;
    if (resource === 'leads' && (other in filters || query.get('sortProperty') === other))
      return send(response, 400, { code: 400, message: `Unknown property ${other}` });
    const matching = honoursFilters
      ? vendor[resource].filter((record) => matches(record, filters))
      : vendor[resource];
    const by = query.get('sortProperty') ?? 'id';
    const sorted = [...matching].sort(
      (a, b) => String(b[by]).localeCompare(String(a[by])) || Number(b['id']) - Number(a['id']),
    );
    const pageSize = Math.min(wished, pageSizeCap);
    const page = Number(query.get('page') ?? 1);
    const from = alwaysFirstPage ? 0 : (page - 1) * pageSize;
    const rows = sorted.slice(from, from + pageSize);
    if (!meta) return send(response, 200, rows);
    const pageCount = Math.ceil(sorted.length / pageSize);
    const everything = {
      page,
      pageCount,
      pageSize,
      total: sorted.length,
      nextUrl: page < pageCount ? '/next' : null,
    };
    const said = Object.entries(everything).filter(([name]) => says === null || says.includes(name));
    send(response, 200, { meta: { pagination: Object.fromEntries(said) }, [resource]: rows });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vendor.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  vendor.environment = {
    OPSDECK_ADVERSUS_URL: vendor.url,
    OPSDECK_ADVERSUS_USER: 'api',
    OPSDECK_ADVERSUS_PASSWORD: vendor.behaviour.password,
    OPSDECK_ADVERSUS_COMMISSION_FIELD: '70163',
    OPSDECK_ADVERSUS_MULTI_DEALS_FIELD: 'multideals',
    OPSDECK_ADVERSUS_ORDER_DATE_FIELD: 'Order date',
  };
  return vendor;
}

type Resource = 'leads' | 'sms' | 'users' | 'campaigns';

function isResource(name: string | undefined): name is Resource {
  return name === 'leads' || name === 'sms' || name === 'users' || name === 'campaigns';
}

function matches(record: Wire, filters: Record<string, Record<string, string>>): boolean {
  return Object.entries(filters).every(([name, tests]) =>
    Object.entries(tests).every(([op, wanted]) => {
      const value = String(record[name]);
      if (op === '$eq') return value === wanted;
      if (op === '$gt') return Date.parse(value) > Date.parse(wanted);
      return Date.parse(value) < Date.parse(wanted);
    }),
  );
}

export function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** A success lead on the wire, stamped `minutesAgo` before noon of 16 November 2026 in Stockholm. */
export function wireLead(
  id: number,
  minutesAgo: number,
  change: { fields?: Wire; [name: string]: unknown } = {},
): Wire {
  const at = `${new Date(Date.parse('2026-11-16T11:00:00Z') - minutesAgo * 60_000).toISOString().slice(0, 19)}Z`;
  const { fields = {}, ...rest } = change;
  const given: Wire = { commission: '100', orderDate: at, ...fields };
  return {
    id,
    campaignId: 7101,
    contactAttempts: 2,
    lastUpdatedTime: at,
    lastModifiedTime: at,
    importedTime: at,
    nextContactTime: null,
    lastContactedBy: 41001,
    status: 'success',
    active: false,
    externalId: null,
    masterData: [{ id: 60001, label: 'Name', value: 'Kanariefågel Andersson' }],
    resultData: [
      ...(given['commission'] === null
        ? []
        : [{ id: 70163, label: 'Provision', value: given['commission'] }]),
      ...('multiDeals' in given ? [{ id: 74126, label: 'MultiDeals', value: given['multiDeals'] }] : []),
      ...(given['orderDate'] === null ? [] : [{ id: 74301, label: 'order date', value: given['orderDate'] }]),
    ],
    ...rest,
  };
}
