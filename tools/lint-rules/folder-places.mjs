/*
 * Which folder may import which. A file belongs to the first row whose `in` it starts with, and may import its own
 * folder, what `from` lists, and nothing else. Main's root files (src/main/clock.ts, errors.ts, log.ts, …) are named
 * as `root`; those that put the program together are `assembly`, and only the edges of the program reach for them.
 */

const features = ['deals', 'packages', 'electricity', 'messaging', 'accounts', 'alerts', 'wall'];
const screens = [
  'duplicates',
  'health',
  'held',
  'leaderboard',
  'rejected',
  'settings',
  'sync',
  'today',
  'wall',
  'why',
];

const assembly = [
  'add-account.ts',
  'answer-from-mirror.ts',
  'cli.ts',
  'console-diagnostics.ts',
  'decide-or-keep.ts',
  'fill-mirror.ts',
  'health-answers.ts',
  'http-answers.ts',
  'index.ts',
  'keep-http.ts',
  'know-database.ts',
  'legacy-answers.ts',
  'live-or-kept.ts',
  'rehearse-tasks.ts',
  'router.ts',
  'services.ts',
  'start-alerts.ts',
  'system-answers.ts',
  'wall-answers.ts',
  'workspace.ts',
];

/** Rows of `{ in, from, message }`; paths from the repository's root, a folder ends with /. */
export const folderPlaces = [
  {
    in: 'src/shared/',
    from: [],
    message: 'src/shared/ is what both sides agree on: it imports only itself.',
  },
  {
    in: 'src/preload/',
    from: [],
    message: 'The preload script passes the port on and imports nothing of ours.',
  },
  ...features.map((feature) => ({
    in: `src/main/${feature}/`,
    from: ['src/shared/', 'src/main/system/', 'src/main/storage/', 'src/main/upstream/', 'root'],
    message: `A feature imports src/shared/, system/, storage/, upstream/ and main's root files, never another feature or an edge of the program. What two features need belongs in src/main/system/; what joins them, in src/main/operations.ts.`,
  })),
  {
    in: 'src/main/system/',
    from: ['src/shared/', 'src/main/storage/', 'root'],
    message:
      'src/main/system/ serves every feature and knows none: hand it a function from src/main/operations.ts.',
  },
  {
    in: 'src/main/upstream/',
    from: ['src/shared/', 'src/main/storage/', 'root'],
    message:
      'src/main/upstream/ is what every client shares: what one vendor needs belongs in its …-client.ts.',
  },
  {
    in: 'src/main/storage/',
    from: ['src/shared/', 'root'],
    message: 'src/main/storage/ knows databases and no domain: SQL of a feature belongs in its …-store.ts.',
  },
  ...['mirror', 'outbox'].map((folder) => ({
    in: `src/main/${folder}/`,
    from: ['src/shared/', 'src/main/storage/', 'root'],
    message: `src/main/${folder}/ keeps what features hand it and knows none of them: join them in src/main/services.ts, src/main/fill-mirror.ts or src/main/answer-from-mirror.ts.`,
  })),
  {
    in: 'src/main/sandbox/',
    from: ['root'],
    message:
      'The simulated upstreams share no code with what they test: a mistake in both would prove nothing. Write it anew in src/main/sandbox/.',
  },
  {
    in: 'src/main/electron/',
    from: ['src/shared/', 'root'],
    message:
      'Windows get what they show through the contract: answer it in a feature and give it a line in src/main/router.ts.',
  },
  {
    in: 'src/main/cli/',
    from: [
      'src/shared/',
      ...features.map((feature) => `src/main/${feature}/`),
      'src/main/office/',
      'src/main/system/',
      'src/main/storage/',
      'src/main/upstream/',
      'src/main/sandbox/',
      'src/main/http/',
      'src/main/http-answers.ts',
      'src/main/rehearse-tasks.ts',
      'src/main/workspace.ts',
      'root',
    ],
    message:
      'The command line runs without Electron and without the router: use src/main/workspace.ts and the features.',
  },
  {
    in: 'src/main/index.ts',
    from: ['src/main/'],
    message: 'Main imports src/shared/ and itself.',
  },
  {
    in: 'src/main/services.ts',
    from: ['src/shared/', 'src/main/'],
    message: 'Main imports src/shared/ and itself.',
  },
  {
    in: 'src/main/',
    from: ['src/shared/', 'src/main/'],
    not: ['src/main/electron/'],
    message: 'Main imports src/shared/ and itself; only src/main/index.ts starts windows.',
  },
  ...screens.map((screen) => ({
    in: `src/renderer/${screen}/`,
    from: ['src/shared/', 'src/renderer/ui/', 'src/renderer/i18n/', 'root'],
    message: `A screen imports src/shared/, ui/, i18n/ and the renderer's root files, never another screen or the frame around it. What two screens show belongs in src/renderer/ui/, what they share in a file beside src/renderer/services.ts.`,
  })),
  {
    in: 'src/renderer/wall-editor/',
    from: [
      'src/shared/',
      'src/renderer/ui/',
      'src/renderer/i18n/',
      'src/renderer/wall/',
      'src/renderer/settings/use-console-settings.ts',
      'src/renderer/settings/use-wall-window.ts',
      'root',
    ],
    message:
      'The screen that arranges the wall shows the wall’s own parts; of other screens it uses only this console’s settings.',
  },
  {
    in: 'src/renderer/ui/',
    from: ['src/shared/', 'src/renderer/i18n/', 'root'],
    message: 'src/renderer/ui/ is what every screen is built of and knows none.',
  },
  {
    in: 'src/renderer/',
    from: ['src/shared/', 'src/renderer/'],
    message:
      'The renderer imports src/shared/ and itself; what main knows comes through src/renderer/api.ts.',
  },
];

const roots = ['src/main/', 'src/renderer/'];

/** True for a file directly in src/main/ or src/renderer/ that any folder beside it may use. */
export function isRootFile(importer, path) {
  const root = roots.find((folder) => importer.startsWith(folder) && path.startsWith(folder));
  if (root === undefined) return false;
  const rest = path.slice(root.length);
  return !rest.includes('/') && !(root === 'src/main/' && assembly.includes(rest));
}
