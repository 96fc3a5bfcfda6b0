import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { OpsdeckError } from '../errors.ts';
import type { CallBudget, CallPriority, CallReserve } from '../upstream/call-budget.ts';
import { parseJson } from '../upstream/read-json.ts';
import { retryUpstream, usualPatience, type Patience } from '../upstream/retry.ts';
import { sendGet, type Fetch, type RawAnswer } from '../upstream/send-request.ts';
import { UpstreamError } from '../upstream/upstream-error.ts';
import { openList, openSingle, type PageMeta } from './adversus-envelope.ts';
import {
  queryString,
  usesUpdatedField,
  type PageQuery,
  type Resource,
  type UpdatedField,
} from './adversus-query.ts';
import { refuseTemporary, refusal, withoutSecrets } from './adversus-refusals.ts';
import { refusesQuery, waysToAsk, type Learned, type WayToAsk } from './ways-to-ask.ts';

/** For whom and how patiently a request is made. */
export interface RequestContext {
  /** What the call is for, as shown beside the budget ('delta', 'window', …); default the list's name, or 'look-up'. */
  purpose?: string | undefined;
  /** Default 'schedule', which leaves the reserve to people. */
  priority?: CallPriority | undefined;
  signal?: AbortSignal | undefined;
  /** Longest wait for a place in the budget, per try, in ms; default 2 minutes for people, 15 for the schedule. */
  maxWaitMs?: number | undefined;
  /** Calls of the limits that this request leaves to more urgent ones. */
  leaves?: CallReserve | undefined;
}

export interface Page {
  records: unknown[];
  meta: PageMeta | null;
  /** The stamp's name this page was asked with; null where it plays no part. */
  updatedField: UpdatedField | null;
  /** How many records it was asked for, where that is fewer than wished: the vendor refuses more. */
  pageSize?: number;
}

export type LeadLookUp =
  | { kind: 'found'; record: Record<string, unknown> }
  | { kind: 'gone'; why: '404' | 'empty' }
  | { kind: 'refused'; status: number };

/** Adversus' HTTP, and nothing else. Every try takes a place in the account's call budget. */
export interface AdversusClient {
  /**
   * One page of a list. Where the vendor answers the first page with 400, the stamp's other name and 100 records are
   * tried as well. UPSTREAM_REFUSED, _BUSY, _FAILED or _UNREADABLE after retries; CANCELLED.
   */
  readPage(resource: Resource, query: PageQuery, context: RequestContext): Promise<Page>;
  /** Whether a lead still exists; `refused` when the vendor does not let us ask. Throws when nobody knows. */
  lookUpLead(id: string, context: RequestContext): Promise<LeadLookUp>;
  /** A campaign's name (null: it has none); null when the vendor does not know the campaign or does not tell. */
  readCampaign(id: string, context: RequestContext): Promise<{ id: string; name: string | null } | null>;
  /** The name of the last-updated stamp that this account takes, as far as known. */
  readonly updatedFieldInUse: UpdatedField;
}

export interface AdversusClientOptions {
  /** With the version, `https://api.adversus.io/v1`. */
  baseUrl: string;
  user: string;
  password: string;
  budget: CallBudget;
  clock: Clock;
  updatedField?: UpdatedField;
  /** Used and added to. */
  learned?: Learned;
  /** Told when less is asked for a page than the settings wish. */
  onSmallerPages?(resource: Resource, pageSize: number): void;
  fetch?: Fetch;
  random?: () => number;
  patience?: Patience;
  /** Longest single answer, in ms; the vendor may take two minutes. */
  timeoutMs?: number;
}

/** The same client with another context by default: the calls of one pass, counted and shown as such. */
export function clientFor(client: AdversusClient, defaults: RequestContext): AdversusClient {
  return {
    get updatedFieldInUse() {
      return client.updatedFieldInUse;
    },
    readPage: (resource, query, context) => client.readPage(resource, query, { ...defaults, ...context }),
    lookUpLead: (id, context) => client.lookUpLead(id, { ...defaults, ...context }),
    readCampaign: (id, context) => client.readCampaign(id, { ...defaults, ...context }),
  };
}

/** The name under which an API user's calls are counted, the same from either of the vendor's hosts. */
export function adversusAccount(user: string): string {
  return `adversus:${createHash('sha256').update(user).digest('hex').slice(0, 16)}`;
}

/** Builds a client; nothing is sent yet. CONFIG_INVALID when the address cannot be one. */
export function createAdversusClient(options: AdversusClientOptions): AdversusClient {
  const baseUrl = checkBaseUrl(options.baseUrl);
  const token = Buffer.from(`${options.user}:${options.password}`).toString('base64');
  const headers = { accept: 'application/json', authorization: `Basic ${token}`, 'user-agent': 'Opsdeck' };
  const secrets = [token, options.password, options.user].filter((secret) => secret !== '');
  const learned: Learned = options.learned ?? { mostPerPage: {} };
  const fieldInUse = () => learned.updatedField ?? options.updatedField ?? 'lastUpdatedTime';

  /** One try: a place, the request, and an answer that is neither busy, failed nor a refused sign-in. */
  async function tryOnce(path: string, purpose: string, context: RequestContext): Promise<RawAnswer> {
    const priority = context.priority ?? 'schedule';
    const answer = await options.budget.call(
      context.purpose ?? purpose,
      async (signal) => {
        const value = await sendGet(`${baseUrl}${path}`, {
          fetch: options.fetch ?? globalThis.fetch,
          headers,
          signal,
          vendor: 'Adversus',
          urlSetting: 'OPSDECK_ADVERSUS_URL',
        });
        return { status: value.status, value };
      },
      {
        signal: context.signal,
        timeoutMs: options.timeoutMs ?? 120_000,
        maxWaitMs: context.maxWaitMs ?? (priority === 'person' ? 120_000 : 900_000),
        priority,
        leaves: context.leaves,
      },
    );
    const shown = answer.status === 200 ? answer : { ...answer, body: withoutSecrets(answer.body, secrets) };
    refuseTemporary(shown, options.clock.wall());
    return shown;
  }

  function ask<T>(
    path: string,
    purpose: string,
    context: RequestContext,
    open: (answer: RawAnswer) => T,
  ): Promise<T> {
    return retryUpstream(async () => open(await tryOnce(path, purpose, context)), {
      clock: options.clock,
      patience: options.patience ?? usualPatience,
      random: options.random ?? Math.random,
      signal: context.signal,
      block: (forMs) => options.budget.block(options.clock.wall() + forMs, 'too many calls, 429'),
    });
  }

  async function askPage(
    resource: Resource,
    wished: PageQuery,
    { name, pageSize }: WayToAsk,
    context: RequestContext,
  ): Promise<Page> {
    const query = { ...wished, pageSize };
    const list = await ask(
      `/${resource}?${queryString(resource, query, name)}`,
      resource,
      context,
      (answer) => {
        if (answer.status !== 200) throw refusal(answer, `list of ${resource}`);
        return openList(resource, parseJson(answer.body));
      },
    );
    return {
      ...list,
      updatedField: usesUpdatedField(resource, query) ? name : null,
      ...(pageSize < wished.pageSize ? { pageSize } : {}),
    };
  }

  function learn(resource: Resource, query: PageQuery, { name, pageSize }: WayToAsk): void {
    if (usesUpdatedField(resource, query) && name !== fieldInUse()) learned.updatedField = name;
    if (pageSize >= Math.min(query.pageSize, learned.mostPerPage[resource] ?? Infinity)) return;
    learned.mostPerPage[resource] = pageSize;
    options.onSmallerPages?.(resource, pageSize);
  }

  return {
    get updatedFieldInUse() {
      return fieldInUse();
    },
    async readPage(resource, query, context) {
      let refused: unknown = null;
      for (const way of waysToAsk(resource, query, fieldInUse(), learned.mostPerPage[resource])) {
        try {
          const page = await askPage(resource, query, way, context);
          learn(resource, query, way);
          return page;
        } catch (error) {
          if (!(error instanceof UpstreamError && refusesQuery(error.status))) throw error;
          // Refused every way: it is something else, and the first answer says what.
          refused ??= error;
        }
      }
      throw refused;
    },
    lookUpLead: async (id, context) =>
      ask(`/leads/${checkId(id)}`, 'look-up', context, (answer) => readLookUp(id, answer)),
    readCampaign: (id, context) =>
      ask(`/campaigns/${checkId(id)}`, 'names', context, (answer) => readCampaignName(id, answer)),
  };
}

function checkBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    throw new OpsdeckError(
      'CONFIG_INVALID',
      'OPSDECK_ADVERSUS_URL is not a plain web address. Give it with the version, for example https://api.adversus.io/v1.',
    );
  }
  return url.href.replace(/\/+$/, '');
}

function checkId(id: string): string {
  if (!/^\d{1,40}$/.test(id))
    throw new OpsdeckError('BAD_REQUEST', 'An id at Adversus consists of digits only.');
  return id;
}

function readLookUp(id: string, answer: RawAnswer): LeadLookUp {
  if (answer.status === 204 || (answer.status === 200 && answer.body.byteLength === 0))
    return { kind: 'gone', why: 'empty' };
  if (answer.status === 200) {
    const record = openSingle('leads', id, parseJson(answer.body));
    return record ? { kind: 'found', record } : { kind: 'gone', why: 'empty' };
  }
  // A web page with status 404 comes from a server that does not know the address at all, not from the vendor's
  // list of leads: it says nothing about this lead.
  if (answer.status === 404 && !isWebPage(answer.body)) return { kind: 'gone', why: '404' };
  return { kind: 'refused', status: answer.status };
}

function readCampaignName(id: string, answer: RawAnswer): { id: string; name: string | null } | null {
  if (answer.status !== 200) return null;
  const record = openSingle('campaigns', id, parseJson(answer.body));
  if (!record) return null;
  const settings = record['settings'];
  const name =
    typeof settings === 'object' && settings !== null
      ? (settings as { name?: unknown }).name
      : record['name'];
  return { id, name: typeof name === 'string' && name.trim() !== '' ? name : null };
}

function isWebPage(body: Uint8Array): boolean {
  return new TextDecoder().decode(body.subarray(0, 200)).trimStart().startsWith('<');
}
