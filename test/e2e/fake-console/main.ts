import { join } from 'node:path';
import { app, dialog } from 'electron';
import { implement } from '@orpc/server';
import { refuseStart } from '../../../src/main/electron/refuse-start.ts';
import { runConsole, type AppServices, type DesktopParts } from '../../../src/main/electron/run-console.ts';
import { OpsdeckError } from '../../../src/main/errors.ts';
import { resourcePath } from '../../../src/main/resource-folder.ts';
import { consoleContract } from '../../../src/shared/contract/index.ts';
import { usualSlide } from '../../../src/shared/contract/wall-plan.ts';
import { wallContract, type WallEvent } from '../../../src/shared/contract/wall.ts';

/** What reached a procedure, and whether its schema accepts it as it is; read by the tests through Playwright. */
interface Reached {
  procedure: string;
  input: unknown;
  proper: boolean;
}
const reached: Reached[] = [];
const marks: string[] = [];
let letGo = () => {};
const held = new Promise<void>((resolve) => (letGo = resolve));
// A stop closes the window before it waits for the services.
app.on('browser-window-created', (_event, window) => window.once('closed', letGo));
Object.assign(globalThis, { fakeConsole: { reached, marks, letGo } });

const folder = process.env['FAKE_DATA_FOLDER'] ?? '';
const build = resourcePath('out', 'fake-console');

void runConsole({
  config: {
    dataFolder: folder,
    logFolder: join(folder, 'logs'),
    logLevel: 'debug',
    frozenNow: null,
    screenshotPath: process.env['FAKE_SCREENSHOT'] ?? null,
    hasTray: false,
    environment: process.env,
    secrets: ['canary-configured-secret'],
  },
  loadServices,
  pages: join(build, 'renderer'),
  preload: join(build, 'preload', 'index.cjs'),
  icon: resourcePath('resources', 'icon.png'),
}).catch(refuseStart);

/** With `FAKE_LOAD` held until a test lets go or the window closes, or broken. */
async function loadServices() {
  console.log('services loading');
  if (process.env['FAKE_LOAD'] === 'held') await held;
  if (process.env['FAKE_LOAD'] === 'broken') {
    // Nobody is there to close it.
    dialog.showErrorBox = (title, text) => console.log(`${title}: ${text}`);
    throw new Error('A part of the program is missing');
  }
  return startServices;
}

/** Services that only record what they are asked: the real contract, nothing behind it. */
function startServices(desktop: DesktopParts): AppServices {
  desktop.log.info('A secret passes by', { url: 'postgres://opsdeck:canary-in-url@db.example/ops' });
  desktop.log.info('Another: canary-configured-secret');
  return {
    router: createRouter(desktop),
    wallRouter: createWallRouter(),
    onQuitSummary: () => 'One pass was left undone',
    async close() {
      console.log('services closing');
      await desktop.clock.sleep(Number(process.env['FAKE_CLOSE_MS'] ?? 50));
      console.log('services closed');
    },
  };
}

/** A wall that answers what the page needs to draw, and records it. */
function createWallRouter() {
  const os = implement(wallContract);
  return os.router({
    wall: {
      board: os.wall.board.handler(() => {
        throw new OpsdeckError('NOT_FOUND', 'wall.board has nothing to give.');
      }),
      state: os.wall.state.handler(() => {
        throw new OpsdeckError('NOT_FOUND', 'wall.state has nothing to give.');
      }),
      settings: os.wall.settings.handler(() => ({
        ...{ language: 'sv', volume: 50, muted: false, calm: false },
        ...{ slides: [usualSlide], target: null, media: {} },
      })),
      period: os.wall.period.handler(() => {
        throw new OpsdeckError('NOT_FOUND', 'wall.period has nothing to give.');
      }),
      waiting: os.wall.waiting.handler(() => {
        throw new OpsdeckError('NOT_FOUND', 'wall.waiting has nothing to give.');
      }),
      beat: os.wall.beat.handler(() => ({})),
      changes: os.wall.changes.handler(async function* ({ signal }) {
        yield { type: 'all' } satisfies WallEvent;
        await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
      }),
    },
  });
}

function createRouter(desktop: DesktopParts) {
  const router = implement(consoleContract).$context<object>();
  const recorded = recordEverything(router);
  return router.router({
    ...recorded,
    system: {
      ...recorded.system,
      consoleSettings: router.system.consoleSettings.handler(({ input }) => {
        record('system.consoleSettings', input);
        return desktop.consoleSettings.get();
      }),
      changeConsoleSettings: router.system.changeConsoleSettings.handler(({ input }) => {
        record('system.changeConsoleSettings', input);
        return desktop.consoleSettings.change(input);
      }),
      changes: router.system.changes.handler(async function* ({ input, signal }) {
        record('system.changes', input);
        marks.push('stream opened');
        try {
          yield { type: 'status' as const };
          await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
        } finally {
          marks.push('stream ended');
        }
      }),
      invalidateCache: router.system.invalidateCache.handler(({ input }) => {
        record('system.invalidateCache', input);
        throw new Error('secret detail of the database at /var/lib/secret');
      }),
    },
    wallWindow: {
      ...recorded.wallWindow,
      state: router.wallWindow.state.handler(() => desktop.wall.state()),
      open: router.wallWindow.open.handler(({ input }) => {
        record('wallWindow.open', input);
        return desktop.wall.open();
      }),
      close: router.wallWindow.close.handler(() => desktop.wall.close()),
    },
    sync: {
      ...recorded.sync,
      // eslint-disable-next-line require-yield -- a stream that fails at once
      progress: router.sync.progress.handler(async function* ({ input }) {
        record('sync.progress', input);
        throw new Error('secret detail of a stream');
      }),
      runs: router.sync.runs.handler(({ input }) => {
        record('sync.runs', input);
        return [{ wrong: 'shape' }] as never;
      }),
    },
  });
}

type Implementer = ReturnType<typeof createImplementer>;
function createImplementer() {
  return implement(consoleContract).$context<object>();
}

/** Every procedure of the contract records its input and answers NOT_FOUND. */
function recordEverything(router: Implementer) {
  const features = Object.entries(consoleContract).map(([feature, procedures]) => {
    const handlers = Object.keys(procedures).map((name) => {
      const group = router[feature as keyof typeof consoleContract] as unknown as Record<
        string,
        { handler(work: (call: { input: unknown }) => never): unknown }
      >;
      const path = `${feature}.${name}`;
      return [
        name,
        group[name]?.handler(({ input }) => {
          record(path, input);
          throw new OpsdeckError('NOT_FOUND', `${path} has nothing to give.`);
        }),
      ];
    });
    return [feature, Object.fromEntries(handlers) as unknown];
  });
  return Object.fromEntries(features) as Parameters<Implementer['router']>[0];
}

interface SchemaHolder {
  '~orpc': { inputSchema?: { safeParse(input: unknown): { success: boolean; data?: unknown } } };
}

function record(path: string, input: unknown): void {
  const [feature = '', name = ''] = path.split('.');
  const procedures = consoleContract as unknown as Record<string, Record<string, SchemaHolder>>;
  const schema = procedures[feature]?.[name]?.['~orpc'].inputSchema;
  const read = schema?.safeParse(input);
  const proper = schema
    ? read?.success === true && JSON.stringify(read.data) === JSON.stringify(input)
    : input === undefined;
  reached.push({ procedure: path, input, proper });
}
