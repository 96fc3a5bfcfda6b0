import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { OpsdeckError } from '../errors.ts';
import { parseJson, vendorWords } from '../upstream/read-json.ts';
import { readRetryAfter, retryUpstream, type Patience } from '../upstream/retry.ts';
import { sendGet, sendPost, type Fetch, type RawAnswer, type SendOptions } from '../upstream/send-request.ts';
import { cancelled, UpstreamError } from '../upstream/upstream-error.ts';

/** A user as the directory lists it. */
export interface DirectoryUser {
  id: string;
  email: string;
  /** The request that made it, where it was one of ours. */
  requestKey: string | null;
}

/**
 * What became of a creation. exists: the directory has that email already · unknown: nobody can tell (no answer, a
 * 5xx, an unreadable one); to be looked up before anything else.
 */
export type Creation =
  { kind: 'created'; user: DirectoryUser } | { kind: 'exists' } | { kind: 'unknown'; error: UpstreamError };

/** The account directory's HTTP, and nothing else. */
export interface DirectoryClient {
  /**
   * The user of an email, compared without case, looked for on every page; null: there is none. Rejects when nobody
   * knows.
   */
  findUser(email: string, signal?: AbortSignal): Promise<DirectoryUser | null>;
  /** Makes a user that carries the request's key. Rejects only when surely nothing was made. */
  createUser(
    request: { email: string; name: string; plan: string; key: string },
    signal?: AbortSignal,
  ): Promise<Creation>;
  /** Every user, for counting. */
  listUsers(signal?: AbortSignal): Promise<DirectoryUser[]>;
}

export interface DirectoryClientOptions {
  /** With its path: https://…/auth/v1. */
  baseUrl: string;
  token: string;
  clock: Clock;
  random: () => number;
  fetch?: Fetch;
  patience?: Patience;
  /** Longest single answer, in ms. */
  timeoutMs?: number;
  perPage?: number;
}

/** The name of our key in a user's metadata. */
export const keyField = 'opsdeck_request_key';

/** Reads of the whole list that met users being removed, before it is given up. */
const mostReads = 3;
/** Pages read at most: a directory that never ends is broken. */
const mostPages = 5_000;

/** People wait for this: shorter than the usual patience. Times in ms. */
const directoryPatience: Patience = {
  tries: 3,
  baseMs: 400,
  capMs: 2_000,
  busyTries: 4,
  busyBaseMs: 1_000,
  busyCapMs: 15_000,
};

const userSchema = z.object({
  id: z.string().min(1).max(200),
  email: z.string().nullish(),
  user_metadata: z.record(z.string(), z.unknown()).nullish(),
});
const pageSchema = z.object({ users: z.array(userSchema) });
const errorSchema = z.object({
  error_code: z.string().nullish(),
  msg: z.string().nullish(),
  message: z.string().nullish(),
});

/** True for two ways to write one email. */
export function sameEmail(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/** Builds a client; nothing is sent yet. CONFIG_INVALID when the address cannot be one. */
export function createDirectoryClient(options: DirectoryClientOptions): DirectoryClient {
  const baseUrl = checkBaseUrl(options.baseUrl);
  const perPage = options.perPage ?? 200;

  const sendOptions = (signal: AbortSignal): SendOptions => ({
    fetch: options.fetch ?? globalThis.fetch,
    headers: {
      accept: 'application/json',
      apikey: options.token,
      authorization: `Bearer ${options.token}`,
      'user-agent': 'Opsdeck',
    },
    signal,
    vendor: 'The account directory',
    urlSetting: 'OPSDECK_DIRECTORY_URL',
    afterFailure: 'Try again; the same request never makes a second account',
  });

  /** One try within the time-out; the caller's own signal ends it as CANCELLED. */
  async function tryOnce(
    signal: AbortSignal | undefined,
    send: (options: SendOptions) => Promise<RawAnswer>,
  ): Promise<RawAnswer> {
    const timeout = AbortSignal.timeout(options.timeoutMs ?? 20_000);
    try {
      return await send(sendOptions(signal ? AbortSignal.any([signal, timeout]) : timeout));
    } catch (error) {
      if (signal?.aborted) throw cancelled(signal.reason);
      if (!timeout.aborted) throw error;
      throw new UpstreamError(
        'UPSTREAM_FAILED',
        'The account directory did not answer in time. Try again; the same request never makes a second account.',
        { cause: error },
      );
    }
  }

  const retry = <T>(signal: AbortSignal | undefined, work: () => Promise<T>) =>
    retryUpstream(work, {
      clock: options.clock,
      patience: options.patience ?? directoryPatience,
      random: options.random,
      signal,
      block: (forMs) => options.clock.sleep(forMs, signal),
    });

  async function readPage(page: number, signal: AbortSignal | undefined) {
    return retry(signal, async () => {
      const answer = await tryOnce(signal, (send) =>
        sendGet(`${baseUrl}/admin/users?page=${page}&per_page=${perPage}`, send),
      );
      refuse(answer, options.clock.wall());
      const read = pageSchema.safeParse(parseJson(answer.body));
      if (!read.success) throw unreadable();
      const total = Number(answer.headers.get('x-total-count') ?? NaN);
      return { users: read.data.users.map(userOf), total: Number.isInteger(total) ? total : null };
    });
  }

  /**
   * Reads page after page until `found` says so or the list ends. Newest come first: users made meanwhile push others
   * back, so that they are met twice; one that is removed pulls them forward, so that one may be missed. `whole`: that
   * did not happen, as far as the totals tell.
   */
  async function readAll(found: (user: DirectoryUser) => boolean, signal: AbortSignal | undefined) {
    const users = new Map<string, DirectoryUser>();
    const totals: number[] = [];
    /** Pages in a row that brought nobody new: such a directory does not turn its pages. */
    let stale = 0;
    for (let page = 1; page <= mostPages && stale < 3; page++) {
      const read = await readPage(page, signal);
      if (read.total !== null) totals.push(read.total);
      const before = users.size;
      for (const user of read.users) {
        users.set(user.id, user);
        if (found(user)) return { users, whole: true, match: user };
      }
      stale = users.size === before ? stale + 1 : 0;
      const isOver = read.users.length === 0 || (read.total !== null && users.size >= read.total);
      if (isOver) return { users, whole: isWhole(users.size, totals), match: null };
    }
    throw unreadable();
  }

  return {
    async findUser(email, signal) {
      for (let read = 1; ; read++) {
        const { match, whole } = await readAll((user) => sameEmail(user.email, email), signal);
        if (match || whole) return match;
        // "None" would be a guess, and a second account its price.
        if (read === mostReads) throw moving();
      }
    },
    async createUser({ email, name, plan, key }, signal) {
      const body = { email, email_confirm: true, user_metadata: { [keyField]: key, name, plan } };
      return retry(signal, async (): Promise<Creation> => {
        let answer: RawAnswer;
        try {
          answer = await tryOnce(signal, (send) => sendPost(`${baseUrl}/admin/users`, body, send));
        } catch (error) {
          if (error instanceof UpstreamError) return { kind: 'unknown', error };
          throw error;
        }
        if (isTaken(answer)) return { kind: 'exists' };
        try {
          refuse(answer, options.clock.wall());
          const read = userSchema.safeParse(parseJson(answer.body));
          if (!read.success) throw unreadable();
          return { kind: 'created', user: userOf(read.data) };
        } catch (error) {
          // A failure of the directory may have come after the user was made; a refusal comes before.
          const isOpen = error instanceof UpstreamError && answer.status < 400;
          if (isOpen || answer.status >= 500) return { kind: 'unknown', error: error as UpstreamError };
          throw error;
        }
      });
    },
    async listUsers(signal) {
      for (let read = 1; ; read++) {
        const { users, whole } = await readAll(() => false, signal);
        if (whole || read === mostReads) return [...users.values()];
      }
    },
  };
}

function isWhole(seen: number, totals: readonly number[]): boolean {
  const isShrinking = totals.some((total, page) => page > 0 && total < totals[page - 1]!);
  return !isShrinking && seen >= (totals[0] ?? 0);
}

function userOf(user: z.infer<typeof userSchema>): DirectoryUser {
  const key = user.user_metadata?.[keyField];
  return { id: user.id, email: user.email ?? '', requestKey: typeof key === 'string' ? key : null };
}

function isTaken(answer: RawAnswer): boolean {
  if (answer.status !== 422 && answer.status !== 409) return false;
  const { error_code: code, text } = wordsOf(answer);
  return (
    code === 'email_exists' ||
    code === 'user_already_exists' ||
    /already (been )?(registered|exists)/i.test(text)
  );
}

function wordsOf(answer: RawAnswer): { error_code: string | null; text: string } {
  try {
    const read = errorSchema.safeParse(JSON.parse(new TextDecoder().decode(answer.body)));
    if (read.success)
      return { error_code: read.data.error_code ?? null, text: read.data.msg ?? read.data.message ?? '' };
  } catch {
    // A web page or nothing at all: the status has to do.
  }
  return { error_code: null, text: '' };
}

/** Rejects for every answer that is not a success. */
function refuse(answer: RawAnswer, wallMs: number): void {
  const { status } = answer;
  if (status >= 200 && status < 300) return;
  const said = vendorWords(wordsOf(answer).text);
  const words = said ? ` (“${said}”)` : '';
  if (status === 429) {
    throw new UpstreamError(
      'UPSTREAM_BUSY',
      'The account directory says that we ask too often. Wait a little.',
      {
        status,
        retryAfterMs: readRetryAfter(answer.retryAfter, answer.date, wallMs),
      },
    );
  }
  if (status >= 500) {
    throw new UpstreamError(
      'UPSTREAM_FAILED',
      `The account directory failed with ${status}${words}. Try again; the same request never makes a second account.`,
      { status },
    );
  }
  if (status === 401 || status === 403) {
    throw new UpstreamError(
      'UPSTREAM_REFUSED',
      `The account directory refused our key (${status})${words}. Check OPSDECK_DIRECTORY_TOKEN.`,
      { status },
    );
  }
  throw new UpstreamError(
    'UPSTREAM_REFUSED',
    `The account directory refused the request (${status})${words}. Check the email and OPSDECK_DIRECTORY_URL.`,
    { status },
  );
}

function moving(): UpstreamError {
  return new UpstreamError(
    'UPSTREAM_FAILED',
    'The account directory’s list changed each time while it was read. Try again in a moment.',
  );
}

function unreadable(): UpstreamError {
  return new UpstreamError(
    'UPSTREAM_UNREADABLE',
    'The account directory’s answer cannot be read. Check that OPSDECK_DIRECTORY_URL is its admin address, with the version.',
  );
}

function checkBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    throw new OpsdeckError(
      'CONFIG_INVALID',
      'OPSDECK_DIRECTORY_URL is not a plain web address. Give it with the version, for example https://example.com/auth/v1.',
    );
  }
  return url.href.replace(/\/+$/, '');
}
