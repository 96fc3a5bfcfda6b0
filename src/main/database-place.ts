import type { Config } from './config.ts';

/** Host and database of an address, without user and password. */
export function labelOf(url: string): string {
  const { hostname: host, port, pathname, searchParams } = new URL(url);
  return `${host || searchParams.get('host') || 'local'}${port ? `:${port}` : ''}${pathname}`;
}

/** A configured upstream always wins over a simulated one. */
export function usesSandbox(config: Config): boolean {
  return config.sandbox && !config.environment['OPSDECK_ADVERSUS_URL']?.trim();
}

/** Practice data has a database of its own on the embedded server. */
export const embeddedName = (config: Config) => (usesSandbox(config) ? 'opsdeck_sandbox' : 'opsdeck');

/** The database that is configured, in words that stay the same while it is away. */
export function placeOf(config: Config): string {
  return config.databaseUrl ? labelOf(config.databaseUrl) : `embedded ${embeddedName(config)}`;
}
