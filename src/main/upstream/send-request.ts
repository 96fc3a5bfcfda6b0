import { pageBytes, readBody } from './read-json.ts';
import { UpstreamError } from './upstream-error.ts';

/** A whole answer: the body read, capped, and not yet understood. */
export interface RawAnswer {
  status: number;
  body: Uint8Array;
  retryAfter: string | null;
  /** The vendor's own clock, from its Date header. */
  date: string | null;
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
  /** JSON to be posted; without it the request is a GET. */
  post?: string;
}

/**
 * Sends one GET (or POST) and reads the answer to its end. No cookies, and redirects are answered as they are, never
 * followed, so the password goes nowhere else. UPSTREAM_FAILED when the vendor cannot be reached or hangs up.
 */
export async function sendRequest(url: string, options: SendOptions): Promise<RawAnswer> {
  try {
    const response = await options.fetch(url, {
      headers:
        options.post === undefined
          ? options.headers
          : { ...options.headers, 'content-type': 'application/json' },
      ...(options.post === undefined ? {} : { method: 'POST', body: options.post }),
      signal: options.signal,
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
    });
    return {
      status: response.status,
      body: await readBody(response.body, options.maxBytes ?? pageBytes),
      retryAfter: response.headers.get('retry-after'),
      date: response.headers.get('date'),
    };
  } catch (error) {
    if (error instanceof UpstreamError || options.signal.aborted) throw error;
    throw new UpstreamError(
      'UPSTREAM_FAILED',
      `${options.vendor} could not be reached or hung up (${networkCode(error)}). The next pass tries again; ` +
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
