import type { Clock } from '../clock.ts';
import { OpsdeckError } from '../errors.ts';
import { parseJson } from '../upstream/read-json.ts';
import { readRetryAfter, retryUpstream, usualPatience, type Patience } from '../upstream/retry.ts';
import { networkCode, sendGet, sendPost, type Fetch, type RawAnswer } from '../upstream/send-request.ts';
import { cancelled, UpstreamError } from '../upstream/upstream-error.ts';
import { foldCatalogue } from './fold-catalogue.ts';
import {
  errorWords,
  isEmptySuccess,
  readOrder,
  readOrders,
  saysFailed,
  type VendorOrder,
} from './vendor-order.ts';

/**
 * What became of one order as it was sent. `refused`: the supplier read it and will not have it. `failed`: its word for
 * an unknown package and for an outage alike. `lost`: nobody knows. `unsent`: it never left.
 */
export type OrderAnswer =
  | { kind: 'done'; order: VendorOrder }
  | { kind: 'refused'; status: number; words: string }
  | { kind: 'busy'; status: number; words: string }
  | { kind: 'failed'; status: number; words: string }
  | { kind: 'lost'; status: number | null; words: string }
  | { kind: 'unsent'; words: string };

/** Orders that carry a reference, newest first; `unknown` when the supplier does not say. */
export type LookUp =
  | { kind: 'found'; orders: VendorOrder[] }
  | { kind: 'absent' }
  | { kind: 'unknown'; status: number | null; words: string };

/** Roamify's HTTP, and nothing else. Reading is tried again, an order never: that is for whoever can look it up. */
export interface RoamifyClient {
  /** The whole catalogue, through `open`; its UPSTREAM_UNREADABLE is tried again too. */
  readCatalogue<T>(open: (body: Uint8Array) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Whether the supplier lists a package now; rejects when nobody knows. */
  hasPackage(resellerId: string, signal?: AbortSignal): Promise<boolean>;
  order(resellerId: string, referenceId: string, signal?: AbortSignal): Promise<OrderAnswer>;
  lookUpOrder(referenceId: string, signal?: AbortSignal): Promise<LookUp>;
}

export interface RoamifyClientOptions {
  /** Without `/api`: https://api.getroamify.com, or the vendor's development host. */
  baseUrl: string;
  token: string;
  clock: Clock;
  fetch?: Fetch;
  random?: () => number;
  patience?: Patience;
  /** Longest single answer, in ms; the catalogue was seen to take up to 60 s, an order as well. */
  timeoutMs?: number;
}

/** The vendor's production host. */
export const roamifyUrl = 'https://api.getroamify.com';

/** The catalogue was 7 MB and more. */
const catalogueBytes = 96 * 1024 * 1024;

/** Builds a client; nothing is sent yet. CONFIG_INVALID when the address cannot be one. */
export function createRoamifyClient(options: RoamifyClientOptions): RoamifyClient {
  const { clock, token, timeoutMs = 60_000 } = options;
  const baseUrl = checkBaseUrl(options.baseUrl);
  const headers = { accept: 'application/json', authorization: `Bearer ${token}`, 'user-agent': 'Opsdeck' };

  async function ask(
    path: string,
    signal: AbortSignal | undefined,
    { post, anyDepth }: { post?: object; anyDepth?: boolean } = {},
  ): Promise<RawAnswer> {
    const tooLate = AbortSignal.timeout(timeoutMs);
    try {
      const send = {
        fetch: options.fetch ?? globalThis.fetch,
        headers,
        signal: signal ? AbortSignal.any([signal, tooLate]) : tooLate,
        vendor: 'Roamify',
        urlSetting: 'OPSDECK_ROAMIFY_URL',
        maxBytes: catalogueBytes,
        anyDepth,
      };
      const url = `${baseUrl}${path}`;
      return await (post === undefined ? sendGet(url, send) : sendPost(url, post, send));
    } catch (error) {
      if (error instanceof UpstreamError) throw error;
      if (signal?.aborted) throw cancelled(error);
      throw new UpstreamError(
        'UPSTREAM_FAILED',
        `Roamify took longer than ${Math.round(timeoutMs / 1_000)} s to answer. Try again; if it stays so, ask the vendor.`,
        { cause: error },
      );
    }
  }

  function read<T>(
    path: string,
    signal: AbortSignal | undefined,
    open: (body: Uint8Array) => Promise<T>,
    anyDepth = false,
  ): Promise<T> {
    return retryUpstream(
      async () => {
        const answer = await ask(path, signal, { anyDepth });
        refuseOther(answer, clock.wall(), token);
        return open(answer.body);
      },
      {
        clock,
        patience: options.patience ?? usualPatience,
        random: options.random ?? Math.random,
        signal,
        block: (forMs) =>
          clock.sleep(forMs, signal).catch((error: unknown) => Promise.reject(cancelled(error))),
      },
    );
  }

  return {
    // Mapped without recursion, and in a thread: looking at each byte here would only cost main time.
    readCatalogue: (open, signal) => read('/api/esim/packages', signal, open, true),
    hasPackage: (resellerId, signal) =>
      read(`/api/esim/packages?packageId=${encodeURIComponent(resellerId)}`, signal, async (body) => {
        const { facts, rejected } = foldCatalogue(parseJson(body));
        return [...facts.map((fact) => fact.resellerId), ...rejected.map((one) => one.key)].includes(
          resellerId,
        );
      }),
    async order(resellerId, referenceId, signal) {
      const post = { items: [{ packageId: resellerId, quantity: 1 }], referenceId };
      try {
        return readOrderAnswer(await ask('/api/esim/order', signal, { post }));
      } catch (error) {
        return lostOrUnsent(error);
      }
    },
    async lookUpOrder(referenceId, signal) {
      const reference = encodeURIComponent(referenceId);
      const one = await tryAsk(`/api/esim/order?referenceId=${reference}`);
      const found = one.answer?.status === 200 ? readOrder(one.answer.body) : null;
      // Another's order would be a fault of the supplier: no evidence of anything.
      if (found && (found.referenceId === null || found.referenceId === referenceId))
        return { kind: 'found', orders: [found] };
      const all = await tryAsk(`/api/esim/orders?referenceId=${reference}&limit=50`);
      const listed = all.answer?.status === 200 ? readOrders(all.answer.body) : null;
      const mine = listed?.orders.filter((order) => order.referenceId === referenceId) ?? [];
      if (mine.length > 0) return { kind: 'found', orders: mine };
      const saidAbsent = one.answer !== null && isAbsent(one.answer);
      if (one.answer?.status === 200 && !saidAbsent)
        return { kind: 'unknown', status: 200, words: 'an order that cannot be read, or another’s' };
      // Both have to agree, unless one of the two is not there to be asked.
      if (listed && listed.unreadable === 0 && (saidAbsent || listed.orders.length === 0))
        return { kind: 'absent' };
      if (saidAbsent && all.answer?.status === 404) return { kind: 'absent' };
      const status = one.answer?.status ?? all.answer?.status ?? null;
      return {
        kind: 'unknown',
        status,
        words: one.words ?? all.words ?? `an answer that says nothing (${status})`,
      };

      async function tryAsk(path: string): Promise<{ answer: RawAnswer | null; words: string | null }> {
        try {
          const answer = await ask(path, signal);
          return { answer, words: answer.status === 200 ? null : saying(answer) };
        } catch (error) {
          if (signal?.aborted) throw error;
          return { answer: null, words: error instanceof Error ? error.message : String(error) };
        }
      }
    },
  };
}

function checkBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    throw new OpsdeckError(
      'CONFIG_INVALID',
      `OPSDECK_ROAMIFY_URL is not a plain web address. Give it as ${roamifyUrl}, or leave it out.`,
    );
  }
  // Some write the address as the vendor's paths begin.
  return url.href.replace(/\/+$/, '').replace(/\/api$/, '');
}

function readOrderAnswer(answer: RawAnswer): OrderAnswer {
  const { status } = answer;
  if (status === 200 || status === 201) {
    const order = readOrder(answer.body);
    if (order) return { kind: 'done', order };
    return { kind: 'lost', status, words: 'the answer to the order cannot be read' };
  }
  const words = saying(answer);
  if (status === 429) return { kind: 'busy', status, words };
  if (status >= 400 && status < 500 && status !== 408) return { kind: 'refused', status, words };
  // Only the supplier's own word for a failure counts as one; a gateway's says nothing about the order.
  if (status === 500 && saysFailed(answer)) return { kind: 'failed', status, words };
  return { kind: 'lost', status, words };
}

/** Codes of a connection that was never made: nothing of the order can have arrived. */
const neverConnected =
  /\b(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|UND_ERR_CONNECT_TIMEOUT)\b/;

function lostOrUnsent(error: unknown): OrderAnswer {
  const words = error instanceof Error ? error.message : String(error);
  const code = error instanceof UpstreamError ? networkCode(error.cause) : '';
  return neverConnected.test(code) ? { kind: 'unsent', words } : { kind: 'lost', status: null, words };
}

function isAbsent(answer: RawAnswer): boolean {
  return (
    (answer.status === 404 && errorWords(answer.body) !== null) ||
    (answer.status === 200 && isEmptySuccess(answer))
  );
}

/** Status and the supplier's own words. */
function saying(answer: RawAnswer): string {
  const words = errorWords(answer.body);
  return words ? `${answer.status}: "${words}"` : String(answer.status);
}

/** Throws unless the answer is data: what another try may mend, and what it may not. */
function refuseOther(answer: RawAnswer, wallMs: number, token: string): void {
  const { status } = answer;
  if (status === 200) return;
  const said = saying(answer).replaceAll(token, '…');
  if (status === 429) {
    throw new UpstreamError(
      'UPSTREAM_BUSY',
      `Roamify says that we call too often (${said}). Try again in a few minutes.`,
      {
        status,
        retryAfterMs: readRetryAfter(answer.retryAfter, answer.date, wallMs),
      },
    );
  }
  if (status >= 500 || status === 408) {
    throw new UpstreamError(
      'UPSTREAM_FAILED',
      `Roamify failed to answer (${said}). The next pass tries again; if it stays so, ask the vendor.`,
      { status },
    );
  }
  const advice =
    status === 401 || status === 403
      ? 'Check OPSDECK_ROAMIFY_TOKEN: rotating the key in the vendor’s portal ends the old one.'
      : 'Check that OPSDECK_ROAMIFY_URL is the vendor’s address.';
  throw new UpstreamError('UPSTREAM_REFUSED', `Roamify refused the request (${said}). ${advice}`, { status });
}
