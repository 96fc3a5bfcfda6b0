import type { Clock } from '../clock.ts';
import { OpsdeckError } from '../errors.ts';
import { createDirectoryClient, type DirectoryClient } from './directory-client.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Names of what is missing to reach the account directory; none when it is configured. */
export function missingDirectory(environment: Environment): string[] {
  return ['OPSDECK_DIRECTORY_URL', 'OPSDECK_DIRECTORY_TOKEN'].filter((name) => !environment[name]?.trim());
}

/** The directory that the environment names. CONFIG_INVALID where it names none. */
export function directoryOf(
  environment: Environment,
  clock: Clock,
  random: () => number,
  fetch: (url: string, init: RequestInit) => Promise<Response> = globalThis.fetch,
): () => DirectoryClient {
  let client: DirectoryClient | null = null;
  return () => {
    const missing = missingDirectory(environment);
    if (missing.length > 0) {
      throw new OpsdeckError(
        'CONFIG_INVALID',
        `No account directory is configured: ${missing.join(', ')} missing. Set them, or set OPSDECK_SANDBOX=1 to work with a simulated one.`,
      );
    }
    client ??= createDirectoryClient({
      baseUrl: environment['OPSDECK_DIRECTORY_URL']!.trim(),
      token: environment['OPSDECK_DIRECTORY_TOKEN']!.trim(),
      clock,
      random,
      fetch,
    });
    return client;
  };
}
