// A console without windows, as a process of its own: everything behind a window, and a person who decides whatever is
// in the queue, and who may also ask for passes. It writes a line for each decision, and answers `kept?` on its input;
// SIGTERM closes it in order.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createRouterClient } from '@orpc/server';
import type { ContractRouterClient } from '@orpc/contract';
import type { ConsoleContract } from '../../../src/shared/contract/index.ts';
import { consoleDefaults } from '../../../src/shared/contract/system.ts';
import { systemClock } from '../../../src/main/clock.ts';
import { loadConfig } from '../../../src/main/config.ts';
import type { DesktopParts } from '../../../src/main/electron/run-console.ts';
import { openLog } from '../../../src/main/log.ts';
import { startServices } from '../../../src/main/services.ts';
import type { ConsoleKind } from './console-office.ts';

const [operator, kind] = process.argv.slice(2) as [string, ConsoleKind];
const given = loadConfig(process.env);
// The forgetful one begins each time with an empty folder: what was kept for later is gone with its process.
const dataFolder = kind === 'forgetful' ? join(given.dataFolder, String(process.pid)) : given.dataFolder;
mkdirSync(dataFolder, { recursive: true });
const config = { ...given, dataFolder, logFolder: join(dataFolder, 'logs'), operator };
const clock = systemClock();
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

const nothing = () => () => {};
const desktop: DesktopParts = {
  log: openLog({ folder: config.logFolder, name: 'console', level: 'info', secrets: [] }),
  clock,
  consoleSettings: {
    get: () => consoleDefaults,
    change: () => Promise.resolve(consoleDefaults),
    onChange: nothing,
    problem: null,
  },
  openLogFolder: () => Promise.resolve(false),
  openFolder: () => Promise.resolve(false),
  copyText: () => {},
  saveFile: () => Promise.resolve(null),
  savePdf: () => Promise.resolve(null),
  chooseFolder: () => Promise.resolve(null),
  pictureIsLate: Promise.resolve(),
  showNotification: () => Promise.resolve({ shown: false, why: 'no windows here' }),
  openTarget: { onOpen: nothing },
  language: () => 'en',
  showState: () => {},
  wall: {
    ...{ state: closed, open: closed, close: closed, onChange: nothing },
    ...{ beat: () => {}, isOnStage: () => false, onTrouble: nothing },
  },
  wallMedia: {
    folder: '',
    scan: () => Promise.resolve({ folder: '', used: [], refused: [] }),
    byAgent: () => ({}),
    read: () => Promise.resolve(null),
    make: () => Promise.resolve(),
  },
};
function closed(): never {
  throw new Error('there is no wall here');
}

const services = startServices({ config, ...desktop });
const client = createRouterClient(services.router) as unknown as ContractRouterClient<ConsoleContract>;
let deciding = kind !== 'resting';

const actions = ['approve', 'replace', 'merge', 'reject'] as const;
const pick = <T>(from: readonly T[]): T => from[Math.floor(Math.random() * from.length)]!;

async function decideOne(): Promise<void> {
  const { pending } = await client.duplicates.pending({ limit: 100, offset: 0 });
  if (pending.length === 0) return;
  const { id, version } = pick(pending);
  const action = pick(actions);
  say({ asked: id });
  const done = await client.duplicates.resolve({ id, version, action });
  say({ told: id, action, queued: done.queued ?? false });
}

async function decide(): Promise<void> {
  while (deciding) {
    await decideOne().catch((error: unknown) =>
      say({ refused: (error as { code?: string }).code ?? String(error) }),
    );
    await clock.sleep(30 + Math.random() * 170);
  }
}
/** Now and then a person is impatient. What runs already, or cannot run now, is refused, which is well. */
async function askForPasses(): Promise<void> {
  const kinds = ['delta', 'window', 'rolling'] as const;
  while (deciding) {
    await clock.sleep(Math.random() * 1_500);
    await client.sync.start({ source: 'deals', kind: pick(kinds) }).catch(() => {});
  }
}
const running = Promise.all([decide(), ...(kind === 'busy' ? [askForPasses()] : [])]);

createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'rest') deciding = false;
  if (line === 'kept?') void tellKept();
});

async function tellKept(): Promise<void> {
  const kept = await client.outbox.list();
  say({
    kept: kept.map(({ duplicate_id, state, outcome }) => ({
      id: duplicate_id,
      state,
      outcome: outcome?.kind,
    })),
  });
}

process.once('SIGTERM', () => {
  deciding = false;
  void running.then(() => services.close()).then(() => process.exit(0));
});
