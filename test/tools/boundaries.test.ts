import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/* The project's lint configuration, run over a small tree of files that break each rule and of files that do not. */

const repository = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'opsdeck-lint-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Case = [path: string, source: string, rule: string, says: RegExp];

const place = 'opsdeck(import-place)';
const word = 'opsdeck(word-place)';

/** One line each that has to be refused, by which rule, and what the message has to name. */
const refused: Case[] = [
  ['src/main/deals/window.ts', `import { app } from 'electron';`, place, /src\/main\/electron\//],
  ['src/main/clock.ts', `import { powerMonitor } from 'electron/main';`, place, /src\/main\/electron\//],
  [
    'src/renderer/today/ipc.ts',
    `import type { IpcRenderer } from 'electron';`,
    place,
    /src\/main\/electron\//,
  ],
  ['src/main/deals/pool.ts', `import pg from 'pg';`, place, /src\/main\/storage\/postgres\.ts/],
  ['src/main/deals/pool-type.ts', `import type { PoolClient } from 'pg';`, place, /src\/main\/storage\//],
  [
    'src/main/deals/inline.ts',
    `export type Client = import('pg').PoolClient;`,
    place,
    /src\/main\/storage\//,
  ],
  ['src/main/system/copy.ts', `import { from } from 'pg-copy-streams';`, place, /src\/main\/storage\//],
  ['src/main/cli/mirror.ts', `await import('better-sqlite3');`, place, /src\/main\/storage\//],
  ['src/main/cli/require.ts', `require('better-sqlite3');`, place, /src\/main\/storage\//],
  ['src/main/upstream/again.ts', `export { Pool } from 'pg';`, place, /src\/main\/storage\//],
  ['src/main/upstream/all.ts', `export * from 'pg';`, place, /src\/main\/storage\//],
  ['src/main/deals/os.ts', `import { os } from '@orpc/server';`, place, /src\/main\/router\.ts/],
  ['src/main/services.ts', `import { implement } from '@orpc/server';`, place, /src\/main\/router\.ts/],
  [
    'src/renderer/today/link.ts',
    `import { RPCLink } from '@orpc/client/message-port';`,
    place,
    /renderer\/api/,
  ],
  ['src/main/deals/log.ts', `import { pino } from 'pino';`, place, /src\/main\/log\.ts/],
  ['src/main/deals/options.ts', `import { Command } from 'commander';`, place, /src\/main\/cli\//],
  ['src/main/deals/program.ts', `import { spawn } from 'node:child_process';`, place, /storage\/embedded\//],
  ['src/main/deals/zone.ts', `import { Temporal } from 'temporal-polyfill';`, place, /business-day\.ts/],
  ['src/shared/read.ts', `import { readFileSync } from 'node:fs';`, place, /zod, @orpc\/contract/],
  ['src/shared/contract/view.ts', `import { useState } from 'react';`, place, /zod, @orpc\/contract/],
  [
    'src/shared/contract/up.ts',
    `import { systemClock } from '../../main/clock.ts';`,
    place,
    /imports only itself/,
  ],
  ['src/preload/zod.ts', `import { z } from 'zod';`, place, /passes the port on/],
  ['src/preload/own.ts', `import { errorCodes } from '../shared/contract/errors.ts';`, place, /preload/],
  ['src/renderer/today/path.ts', `import { join } from 'node:path';`, place, /has no Node/],
  ['src/renderer/today/main.ts', `import { log } from '../../main/log.ts';`, place, /screen imports/],
  ['src/renderer/main.ts', `import { log } from '../main/log.ts';`, place, /through src\/renderer\/api\.ts/],
  [
    'src/renderer/today/other.ts',
    `import { held } from '../held/held-list.tsx';`,
    place,
    /never another screen/,
  ],
  [
    'src/renderer/held/frame.ts',
    `import { rail } from '../app-frame/rail.tsx';`,
    place,
    /the frame around it/,
  ],
  ['src/renderer/ui/screen.ts', `import { board } from '../today/board.tsx';`, place, /knows none/],
  [
    'src/main/deals/other.ts',
    `import { packages } from '../packages/store.ts';`,
    place,
    /never another feature/,
  ],
  ['src/main/outbox/deal.ts', `import { x } from '../deals/deals-store.ts';`, place, /knows none of them/],
  ['src/main/mirror/deal.ts', `import { x } from '../deals/deals-store.ts';`, place, /knows none of them/],
  [
    'src/main/packages/other.ts',
    `import type { Deal } from '../deals/deals-store.ts';`,
    place,
    /another feature/,
  ],
  ['src/main/deals/windows.ts', `import { menu } from '../electron/menu.ts';`, place, /edge of the program/],
  ['src/main/deals/router.ts', `import { createRouter } from '../router.ts';`, place, /edge of the program/],
  ['src/main/system/deals.ts', `import { sync } from '../deals/sync-deals.ts';`, place, /operations\.ts/],
  ['src/main/storage/deals.ts', `import { sync } from '../deals/sync-deals.ts';`, place, /…-store\.ts/],
  [
    'src/main/upstream/deals.ts',
    `import { sync } from '../deals/adversus-client.ts';`,
    place,
    /…-client\.ts/,
  ],
  ['src/main/sandbox/deals.ts', `import { mapLead } from '../deals/map-lead.ts';`, place, /share no code/],
  [
    'src/main/electron/deals.ts',
    `import { today } from '../deals/today-cache.ts';`,
    place,
    /through the contract/,
  ],
  [
    'src/main/electron/store.ts',
    `import { openDatabase } from '../storage/postgres.ts';`,
    place,
    /the contract/,
  ],
  ['src/main/cli/windows.ts', `import { menu } from '../electron/menu.ts';`, place, /without Electron/],
  ['src/main/workspace.ts', `import { menu } from './electron/menu.ts';`, place, /src\/main\/index\.ts/],
  ['src/main/deals/ending.ts', `import { clock } from '../clock';`, place, /with its ending/],

  ['src/main/electron/ipc.ts', `ipcMain.handle('x', () => 1);`, word, /serve-window\.ts/],
  ['src/preload/expose.ts', `contextBridge.exposeInMainWorld('api', {});`, word, /clean page's/],
  ['src/preload/send.ts', `ipcRenderer.send('x');`, word, /src\/shared\/contract\//],
  ['src/main/electron/port.ts', `new MessageChannelMain();`, word, /serve-window\.ts/],
  ['src/main/electron/open.ts', `new BrowserWindow({});`, word, /create-window\.ts/],
  ['src/main/electron/webview.ts', `export const a = { webviewTag: true };`, word, /stay untouched/],
  ['src/main/electron/node.ts', `export const a = { nodeIntegration: false };`, word, /stay untouched/],
  ['src/main/electron/quoted.ts', `export const a = { 'webSecurity': false };`, word, /stay untouched/],
  ['src/main/electron/isolated.ts', `export const a = { contextIsolation: true };`, word, /stay untouched/],
  ['src/main/electron/scheme.ts', `export const a = { bypassCSP: true };`, word, /serve-app-protocol\.ts/],
  ['src/main/electron/menu.ts', `shell.openExternal('https://a');`, word, /trusted-window\.ts/],
  ['src/main/electron/whole.ts', `electron.shell.openExternal('https://a');`, word, /trusted-window\.ts/],
  ['src/main/electron/quoted-call.ts', `shell['openPath']('/');`, word, /run-console\.ts/],
  [
    'src/renderer/today/html.tsx',
    `export const a = <p dangerouslySetInnerHTML={{ __html: '' }} />;`,
    word,
    /as text/,
  ],
  ['src/renderer/today/inner.ts', `document.body.innerHTML = '';`, word, /as text/],
  ['src/main/deals/now.ts', `export const now = () => Date.now();`, word, /clock\.now\(\)/],
  ['src/main/deals/date.ts', `export const now = () => new Date();`, word, /clock\.now\(\)/],
  ['src/main/system/tick.ts', `export const now = () => performance.now();`, word, /clock\.monotonic\(\)/],
  ['src/shared/global.ts', `export const now = () => globalThis.performance.now();`, word, /clock\.ts/],
  ['src/main/deals/chance.ts', `export const chance = Math.random;`, word, /as `random`/],
  ['src/main/deals/env.ts', `export const home = process.env['HOME'];`, word, /config\.ts/],
  ['src/main/deals/exit.ts', `process.exit(1);`, word, /stop-in-order\.ts/],

  ['src/main/deals/barrel.ts', `export * from './map-lead.ts';`, 'oxc(no-barrel-file)', /barrel/i],
  ['src/main/deals/default.ts', `export default 1;`, 'import(no-default-export)', /named/i],
  ['src/main/deals/BadName.ts', `export const a = 1;`, 'unicorn(filename-case)', /kebab/i],
  ['src/main/deals/print.ts', `console.log(1);`, 'eslint(no-console)', /console/],
  ['src/main/deals/loose.ts', `export const a = (b: unknown) => b == 1;`, 'eslint(eqeqeq)', /===/],
  ['src/main/deals/any.ts', `export const a = (b: any) => b;`, 'typescript(no-explicit-any)', /any/],
  ['test/only.test.ts', `test.only('x', () => expect(1).toBe(1));`, 'vitest(no-focused-tests)', /focus/i],
  [
    'test/skip.test.ts',
    `test.skip('x', () => expect(1).toBe(1));`,
    'vitest(no-disabled-tests)',
    /skip|disabled/i,
  ],
  [
    'test/idle.test.ts',
    `import { test } from 'vitest';\ntest('x', () => {});`,
    'vitest(expect-expect)',
    /assert/,
  ],

  // These need types.
  [
    'src/main/deals/floating.ts',
    `export const a = () => { Promise.resolve(); };`,
    'typescript(no-floating-promises)',
    /Promise/,
  ],
  [
    'src/main/deals/misused.ts',
    `export const a = (b: Promise<boolean>) => { if (b) throw new Error(); };`,
    'typescript(no-misused-promises)',
    /Promise/,
  ],
  [
    'src/main/deals/open-switch.ts',
    `export function a(b: 'x' | 'y'): void { switch (b) { case 'x': return; } }`,
    'typescript(switch-exhaustiveness-check)',
    /"y"/,
  ],
  [
    'src/main/deals/throws.ts',
    `export const a = () => { throw 'x'; };`,
    'typescript(only-throw-error)',
    /error/,
  ],
  [
    'src/main/deals/leak.ts',
    `export const a = (b: string): string => JSON.parse(b);`,
    'typescript(no-unsafe-return)',
    /any/,
  ],
  [
    'src/main/deals/not-awaited.ts',
    `export async function a(b: Promise<void>): Promise<void> { try { return b; } catch { return; } }`,
    'typescript(return-await)',
    /await/,
  ],
];

/** What has to pass: the right places, and words that only look alike. */
const allowed: [path: string, source: string][] = [
  ['src/main/electron/fine.ts', `import { app } from 'electron';\nexport const name = () => app.name;`],
  ['src/preload/index.ts', `import { ipcRenderer } from 'electron';\nipcRenderer.on('port', () => {});`],
  [
    'src/main/electron/trusted-window.ts',
    `import { shell } from 'electron';\nvoid shell.openExternal('https://a');`,
  ],
  ['src/main/storage/fine.ts', `import pg from 'pg';\nexport const pool = () => new pg.Pool();`],
  ['src/main/storage/time.ts', `export const at = () => performance.now() + Math.random();`],
  ['src/main/router.ts', `import { os } from '@orpc/server';\nexport const router = () => os;`],
  [
    'src/main/electron/run-console.ts',
    `import type { AnyRouter } from '@orpc/server';\nexport type R = AnyRouter;`,
  ],
  [
    'src/main/deals/fine.ts',
    `import type { Operations } from '../operations.ts';\nimport { withPermit } from '../system/permits.ts';\nimport { dayOf } from '../../shared/business-day.ts';\nimport { other } from './map-lead.ts';\nexport const a = (o: Operations) => [withPermit, dayOf, other, o, new Date(0), new Date('2026-11-22')];`,
  ],
  ['src/main/deals/electron-log.ts', `import log from 'electron-log';\nexport const a = () => { log(); };`],
  [
    'src/renderer/today/fine.tsx',
    `import { Panel } from '../ui/panel.tsx';\nimport { useServices } from '../services.ts';\nimport { dayOf } from '../../shared/business-day.ts';\nexport const a = () => [Panel, useServices, dayOf];`,
  ],
  [
    'src/renderer/app-frame/fine.ts',
    `import { board } from '../today/board.tsx';\nexport const a = () => board;`,
  ],
  [
    'src/main/sandbox/fine.ts',
    `import { version } from '../version.ts';\nexport const a = () => [version, Date.now()];`,
  ],
  ['test/deals/fine.ts', `import pg from 'pg';\nexport const a = () => [pg, Date.now(), process.env];`],
];

interface Finding {
  filename: string;
  code: string;
  message: string;
}

let findings: Finding[];
const findingsIn = (path: string) => findings.filter((finding) => finding.filename === path);

beforeAll(async () => {
  for (const [path, source] of [...refused, ...allowed]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `${source}\n`);
  }
  const configuration = { extends: [join(repository, '.oxlintrc.json')], options: { typeAware: true } };
  writeFileSync(join(folder, '.oxlintrc.json'), JSON.stringify(configuration));
  const types = {
    extends: join(repository, 'tsconfig.json'),
    compilerOptions: { types: [] },
    include: ['src', 'test'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(types));
  findings = await lint();
}, 120_000);

/** The linter's findings in the tree; its exit code says nothing more. */
async function lint(): Promise<Finding[]> {
  const program = join(repository, 'node_modules', 'oxlint', 'bin', 'oxlint');
  const output = await new Promise<string>((done) => {
    const limits = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, [program, '--format', 'json'], limits, (_error, stdout) => done(stdout));
  });
  return (JSON.parse(output) as { diagnostics: Finding[] }).diagnostics;
}

describe('refuses', () => {
  test.each(refused)('%s: %s', (path, _source, rule, says) => {
    const found = findingsIn(path).filter((finding) => finding.code === rule);
    expect(found.map((finding) => finding.message)).toEqual([expect.stringMatching(says)]);
  });
});

describe('lets pass', () => {
  test.each(allowed)('%s', (path) => {
    const ours = findingsIn(path).filter((finding) => finding.code.startsWith('opsdeck('));
    expect(ours).toEqual([]);
  });
});
