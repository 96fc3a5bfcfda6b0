import type { TokenScope } from '../../shared/contract/http/route.ts';
import type { Clock } from '../clock.ts';
import { isAway } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Operations } from '../operations.ts';
import { findByHash, hashOf } from './make-token.ts';
import { activeTokens, noteUse, tokensKey, type StoredToken } from './tokens-store.ts';

/** Whom a request comes from. */
export interface Caller {
  /** Names the token among others: its number, or 'environment'. */
  id: string;
  /** Its owner, who decides what is decided with it. */
  name: string;
  scopes: ReadonlySet<TokenScope>;
  isLimited: boolean;
}

/** Knows who a token belongs to. */
export interface TokenBook {
  /** Null for a token that is not known here. Rejects while the database, which alone could tell, was never reached. */
  find(token: string): Promise<Caller | null>;
  /** The same for one that `find` did not know: asks the database, in case it was made this very moment. */
  lookAgain(token: string): Promise<Caller | null>;
  /** Whether a caller's token is still good, as far as is known. */
  isGood(caller: Caller): boolean;
  close(): void;
}

/** Tokens are read anew when what is known is older than this, in ms; a change is told at once all the same. */
const freshMs = 30_000;
/** Last use is written down at most this often, in ms. */
const usedMs = 60_000;

/** Keeps the good tokens in memory, so that they go on while the database is away. */
export function openTokenBook(parts: {
  environmentToken: string | null;
  clock: Clock;
  log: Log;
  running(): Operations | null;
  operations(): Promise<Operations>;
  onStarted(listener: () => void): () => void;
}): TokenBook {
  const { clock, log } = parts;
  const environment = parts.environmentToken === null ? [] : [{ hash: hashOf(parts.environmentToken) }];
  const used = new Map<number, number>();
  let known: StoredToken[] | null = null;
  let readAt = -Infinity;
  let reading: Promise<void> | null = null;
  let unfollow: () => void = () => {};

  function follow(): void {
    unfollow();
    unfollow =
      parts.running()?.subscribe((event) => {
        const isOurs =
          event.type === 'reload' ||
          (event.type === 'change' &&
            (event.change.kind === 'restored' ||
              (event.change.kind === 'settings' && event.change.data.keys.includes(tokensKey))));
        if (!isOurs) return;
        readAt = -Infinity;
        void refresh().catch(() => {});
      }) ?? (() => {});
  }
  follow();
  const forget = parts.onStarted(follow);

  async function read(): Promise<void> {
    const operations = parts.running() ?? (await parts.operations());
    known = await activeTokens(operations.workspace.database);
    readAt = clock.monotonic();
  }

  function refresh(): Promise<void> {
    return (reading ??= read().finally(() => (reading = null)));
  }

  /** Not one that had begun before: it may have missed what was made meanwhile. */
  async function refreshAnew(): Promise<void> {
    await reading?.catch(() => {});
    await refresh();
  }

  /** What is known goes on while the database is away. */
  async function whereThere(refreshing: () => Promise<void>): Promise<void> {
    const away = (parts.running()?.awaySince() ?? null) !== null;
    if (away && known !== null) return;
    try {
      await refreshing();
    } catch (error) {
      if (known === null || !isAway(error)) throw error;
    }
  }

  function use(token: StoredToken): void {
    const now = clock.monotonic();
    const operations = parts.running();
    if (!operations || operations.awaySince() !== null || now - (used.get(token.id) ?? -Infinity) < usedMs)
      return;
    used.set(token.id, now);
    noteUse(operations.workspace.database, token.id).catch((error: unknown) =>
      log.debug('The last use of a token could not be noted', { error: String(error) }),
    );
  }

  function storedCaller(hash: Buffer): Caller | null {
    const stored = findByHash(known ?? [], hash);
    if (stored === null) return null;
    use(stored);
    return { id: String(stored.id), name: stored.name, scopes: new Set(stored.scopes), isLimited: true };
  }

  return {
    async find(text) {
      const hash = hashOf(text);
      if (findByHash(environment, hash)) return environmentCaller;
      if (clock.monotonic() - readAt >= freshMs) await whereThere(refresh);
      return storedCaller(hash);
    },
    async lookAgain(text) {
      await whereThere(refreshAnew);
      return storedCaller(hashOf(text));
    },
    isGood: ({ id }) => id === environmentCaller.id || (known ?? []).some((one) => String(one.id) === id),
    close() {
      forget();
      unfollow();
    },
  };
}

/** The environment's token has every scope and no limit. */
const environmentCaller: Caller = {
  id: 'environment',
  name: 'HTTP',
  scopes: new Set(['read', 'decide']),
  isLimited: false,
};
