/*
 * Words of the platform that belong in one place, because each opens a door or makes a race that no test can replay.
 * `calls` are written as in the source: `shell.openExternal` is that member, `new Date` is it without arguments,
 * a bare word is any identifier, member or attribute of that name.
 */
export const wordPlaces = [
  {
    words: ['ipcMain', 'ipcRenderer.send', 'ipcRenderer.invoke', 'ipcRenderer.sendSync'],
    in: [],
    message:
      'There is no other way into main than the port of src/main/electron/serve-window.ts: add a procedure to src/shared/contract/.',
  },
  {
    words: ['exposeInMainWorld'],
    in: [],
    message: "A page's globals equal a clean page's: it gets a port, nothing else (src/preload/index.ts).",
  },
  {
    words: ['MessageChannelMain'],
    in: ['src/main/electron/serve-window.ts'],
    message: 'Ports are made in src/main/electron/serve-window.ts only, and handed to our own pages.',
  },
  {
    words: ['BrowserWindow.constructor'],
    in: ['src/main/electron/create-window.ts'],
    message: 'Windows are made in src/main/electron/create-window.ts only, so that all are guarded alike.',
  },
  {
    words: [
      'webviewTag',
      'nodeIntegration',
      'nodeIntegrationInWorker',
      'nodeIntegrationInSubFrames',
      'contextIsolation',
      'webSecurity',
      'allowRunningInsecureContent',
      'experimentalFeatures',
      'enableBlinkFeatures',
    ],
    in: [],
    message:
      "Electron's safe defaults stay untouched: leave this key out (src/main/electron/create-window.ts).",
  },
  {
    words: ['bypassCSP', 'allowServiceWorkers', 'corsEnabled'],
    in: [],
    message: 'The app:// scheme is declared once, without this, in src/main/electron/serve-app-protocol.ts.',
  },
  {
    words: ['shell.openExternal'],
    in: ['src/main/electron/trusted-window.ts'],
    message:
      'Addresses are opened in src/main/electron/trusted-window.ts only, after isAllowedExternal of window-policy.ts.',
  },
  {
    words: ['shell.openPath'],
    in: ['src/main/electron/run-console.ts'],
    message:
      "Only the log's own folder is ever opened, in src/main/electron/run-console.ts; never a path from upstream.",
  },
  {
    words: ['dangerouslySetInnerHTML', 'innerHTML', 'outerHTML', 'insertAdjacentHTML', 'srcDoc', 'srcdoc'],
    in: [],
    message: 'Upstream text is shown as text: let React render it as a child.',
  },
  {
    words: ['Date.now', 'performance.now', 'new Date'],
    in: [
      'src/main/clock.ts',
      'src/main/storage/',
      'src/main/sandbox/',
      'src/main/cli/database-commands.ts',
      'src/renderer/console.tsx',
      'src/renderer/wall.tsx',
    ],
    message:
      'Time is handed in, so that a test can replay it: use clock.now() for days and decisions, clock.wall(), clock.monotonic() and clock.sleep() for limits and leases (src/main/clock.ts; in pages, the clock of src/renderer/services.ts).',
  },
  {
    words: ['Math.random'],
    in: [
      'src/main/storage/',
      'src/main/sandbox/',
      'src/main/upstream/call-budget.ts',
      'src/main/deals/adversus-client.ts',
      'src/main/packages/roamify-client.ts',
      'src/main/system/leader.ts',
    ],
    message:
      'Chance is handed in as `random`, so that a test can replay it; what must be unguessable uses node:crypto.',
  },
  {
    words: ['process.env'],
    in: ['src/main/index.ts', 'src/main/cli/with-workspace.ts', 'src/main/storage/'],
    message: 'The environment is read once, by loadConfig of src/main/config.ts: add the name there.',
  },
  {
    // There, a second Ctrl-C ends what does not stop.
    words: ['process.exit'],
    in: ['src/main/cli/with-workspace.ts'],
    message:
      'Set process.exitCode or throw, so that what is open is closed in order (src/main/stop-in-order.ts).',
  },
];

/** Why `word` may not stand in the file `path`; null when it may. */
export function refuseWord(path, word) {
  if (!path.startsWith('src/')) return null;
  const row = wordPlaces.find(({ words }) => words.includes(word));
  if (row === undefined) return null;
  const isThere = row.in.some((place) => (place.endsWith('/') ? path.startsWith(place) : path === place));
  return isThere ? null : row.message;
}
