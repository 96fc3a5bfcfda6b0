import { pageBytes, readBody } from './read-json.ts';
import { UpstreamError } from './upstream-error.ts';

/** A whole answer: the body read, capped, and not yet understood. */
export interface RawAnswer {
  status: number;
  body: Uint8Array;
  retryAfter: string | null;
  /** The vendor's own clock, from its Date header. */
  date: string | null;
  headers: Headers;
}

/** The part of `fetch` used here; tests and recordings put their own in its place. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What a request needs beyond its address. `vendor` and `setting` are words for error sentences. */
export interface SendOptions {
  fetch: Fetch;
  headers: Record<string, string>;
  signal: AbortSignal;
  vendor: string;
  urlSetting: string;
  maxBytes?: number;
  /** The body comes as it is, however deep: for what is read without recursion; default no. */
  anyDepth?: boolean | undefined;
  /** What happens after a failure, as a sentence begins; default: the next pass tries again. */
  afterFailure?: string;
}

/** Sends one GET; otherwise as `sendRequest`. */
export function sendGet(url: string, options: SendOptions): Promise<RawAnswer> {
  return sendRequest(url, options, {});
}

/** Sends one POST with a JSON body; a failure leaves open whether it was carried out. Otherwise as `sendRequest`. */
export function sendPost(url: string, body: unknown, options: SendOptions): Promise<RawAnswer> {
  const headers = { ...options.headers, 'content-type': 'application/json' };
  return sendRequest(url, { ...options, headers }, { method: 'POST', body: JSON.stringify(body) });
}

/**
 * Sends one request and reads the answer to its end. No cookies, and redirects are answered as they are, never
 * followed, so the password goes nowhere else. UPSTREAM_FAILED when the vendor cannot be reached or hangs up.
 */
async function sendRequest(
  url: string,
  options: SendOptions,
  what: { method?: string; body?: string },
): Promise<RawAnswer> {
  try {
    const response = await options.fetch(url, {
      ...what,
      headers: options.headers,
      signal: options.signal,
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
    });
    return {
      status: response.status,
      body: await readBody(response.body, options.maxBytes ?? pageBytes, options.anyDepth),
      retryAfter: response.headers.get('retry-after'),
      date: response.headers.get('date'),
      headers: response.headers,
    };
  } catch (error) {
    if (error instanceof UpstreamError || options.signal.aborted) throw error;
    throw new UpstreamError(
      'UPSTREAM_FAILED',
      `${options.vendor} could not be reached or hung up (${networkCode(error)}). ` +
        `${options.afterFailure ?? 'The next pass tries again'}; ` +
        `if it stays so, check the network and ${options.urlSetting}.`,
      { cause: error },
    );
  }
}

/** The system's short name of a network failure, without the address in it. */
export function networkCode(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    const code = (at as { code?: unknown }).code;
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(code)) return code;
  }
  return 'connection lost';
}
