import { accountsHttp } from './accounts.ts';
import { duplicatesHttp } from './duplicates.ts';
import { modeHttp } from './mode.ts';
import { packagesHttp } from './packages.ts';
import { syncHttp } from './sync.ts';
import { systemHttp } from './system.ts';

/**
 * Every path of the HTTP API but the change stream (`eventsPath`), in the shapes that scripts rely on. A feature that
 * gets paths adds its file here and its handlers to src/main/http/http-router.ts.
 */
export const httpContract = {
  accounts: accountsHttp,
  duplicates: duplicatesHttp,
  mode: modeHttp,
  packages: packagesHttp,
  sync: syncHttp,
  system: systemHttp,
};
