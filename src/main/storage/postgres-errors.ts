import { OpsdeckError } from '../errors.ts';

/** A prepared statement outlived a change of the schema, or its connection was changed underneath: begin anew on another. */
const stalePlan = ['0A000', '26000'];

/** TLS that cannot be agreed on: Node's own codes for certificates, the driver's words for a server without it. */
function isAboutTls(error: unknown): boolean {
  const { code, syscall } = (error ?? {}) as { code?: unknown; syscall?: unknown };
  // The certificate that the URL names is not there; a socket's own ENOENT is of `connect`.
  if (code === 'ENOENT') return syscall === 'open';
  if (typeof code === 'string') return /CERT|SELF_SIGNED|UNABLE_TO_|^ERR_(TLS|SSL|OSSL)/.test(code);
  return error instanceof Error && /SSL connection/.test(error.message);
}

/**
 * What an error of the database means for the caller: `retry` the whole transaction at once, the server is
 * `away`, it `refused` us (password, rights, no such database), it took too long (`timeout`; a COMMIT may
 * have happened), or it is about `data` and trying again is useless.
 */
export function classifyPostgresError(error: unknown): 'retry' | 'away' | 'refused' | 'timeout' | 'data' {
  const code = (error as { code?: unknown } | null)?.code;
  const message = error instanceof Error ? error.message : '';
  if (isAboutTls(error)) return 'refused';
  if (typeof code === 'string') {
    // 23505: somebody else's row took the place in a unique index meanwhile; the next try sees it.
    if (['40001', '40P01', '55P03', '23505', ...stalePlan].includes(code)) return 'retry';
    if (code === '57014') return 'timeout';
    // 53: no room, memory or connection left; 57P: shut down; 58: the server's own disk fails.
    if (/^(08|53|57P|58)/.test(code) || ['25P03', '25P04', '25006'].includes(code)) return 'away';
    if (code.startsWith('28') || code === '3D000' || code === '42501') return 'refused';
    if (/^E(CONN|PIPE|HOST|NET|TIMEDOUT|AI_AGAIN)/.test(code) || code === 'ENOTFOUND' || code === 'ENOENT')
      return 'away';
    return 'data';
  }
  // The driver's own words for a password that is asked for and not given, or not as it has to be.
  if (message.startsWith('SASL')) return 'refused';
  if (/query read timeout/i.test(message)) return 'timeout';
  if (/timeout|terminated|not queryable|Connection ended/i.test(message)) return 'away';
  return 'data';
}

/** pg-pool's words for a caller that waited too long for its turn; a connection that failed has others. */
const poolExhausted = /timeout exceeded when trying to connect/i;

/** Runs something and puts what the server refuses into a sentence. */
export async function translateErrors<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof OpsdeckError ? error : explain(error);
  }
}

/** Puts the server's refusals into a sentence; errors about data pass unchanged, they are ours to mend. */
function explain(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  const code = String((error as { code?: unknown } | null)?.code);
  switch (classifyPostgresError(error)) {
    case 'away':
      if (poolExhausted.test(message)) {
        return new OpsdeckError(
          'DATABASE_AWAY',
          'All of this program’s connections to the database are busy. Try again in a moment.',
          { cause: error },
        );
      }
      if (code === '25006') {
        return new OpsdeckError(
          'DATABASE_AWAY',
          `The database takes no writes (${message}): it is a standby, or set to read only. Name the one that is written to in its URL, or let it be written; nothing was saved.`,
          { cause: error },
        );
      }
      if (/^(53[124]|58)/.test(code)) {
        return new OpsdeckError(
          'DATABASE_AWAY',
          `The database server cannot go on (${message}). Make room on its disk or in its memory; nothing was saved.`,
          { cause: error },
        );
      }
      return new OpsdeckError(
        'DATABASE_AWAY',
        `The database does not answer (${message}). Check that it runs and can be reached, then try again.`,
        { cause: error },
      );
    case 'timeout':
      return new OpsdeckError(
        'DATABASE_AWAY',
        `The database took too long to answer (${message}). Try again; if it stays so, look at its load.`,
        { cause: error },
      );
    case 'refused':
      if (isAboutTls(error)) {
        return new OpsdeckError(
          'DATABASE_REFUSED',
          `The database cannot be reached as its URL asks (${message}). Check sslmode and certificates in it, and that the server speaks TLS.`,
          { cause: error },
        );
      }
      return new OpsdeckError(
        'DATABASE_REFUSED',
        `The database refused us (${message}). Check user, password, database name and rights in the database URL.`,
        { cause: error },
      );
    default:
      return error;
  }
}

/** The error with which a connection must be thrown away; undefined where it can be used again. */
export function unusableAfter(error: unknown): Error | undefined {
  const stale = stalePlan.includes(String((error as { code?: unknown } | null)?.code));
  if (!stale && !['away', 'timeout'].includes(classifyPostgresError(error))) return undefined;
  return error instanceof Error ? error : new Error('broken connection');
}
