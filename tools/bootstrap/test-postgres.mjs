import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { installDebianPackages, mayInstallPackages } from './debian.mjs';
import { say } from './say.mjs';

const SERVER = '/usr/lib/postgresql/15/bin/postgres';
const SETTINGS = '/etc/postgresql-common/createcluster.d';

/** The oldest PostgreSQL a team may use, beside the newer embedded one. Tests that need it skip themselves without it. */
export async function ensureTestPostgres() {
  if (process.platform !== 'linux' || existsSync(SERVER)) return;
  const notice = 'tests against PostgreSQL 15 are skipped (apt-get install postgresql-15)';
  if (!mayInstallPackages()) return say(notice);
  // Only the programs are wanted: without this the package makes a cluster and starts it on port 5432.
  mkdirSync(SETTINGS, { recursive: true });
  writeFileSync(`${SETTINGS}/opsdeck.conf`, 'create_main_cluster = false\n');
  try {
    await installDebianPackages(['postgresql-15'], 'PostgreSQL 15 for tests');
  } catch {
    say(notice);
  }
}
