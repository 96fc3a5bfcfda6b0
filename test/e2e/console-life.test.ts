import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  buildConsole,
  launchConsole,
  readIfThere,
  spawnConsole,
  temporaryFolder,
  waitFor,
  type LaunchedConsole,
  type SpawnedConsole,
} from './launch-console.ts';

beforeAll(() => buildConsole('fake'));

/** Starts the console as a terminal would and waits for its window. */
async function open(env: Record<string, string> = {}): Promise<SpawnedConsole> {
  const console = await spawnConsole({ program: 'fake', env });
  await console.says('Window open');
  return console;
}

/** What the fake program and its page offer to tests. */
interface Fakes {
  fakeConsole: { letGo(): void };
  probe: { ports: unknown[]; call(path: string): Promise<unknown> };
}

describe('services that are slow to load', () => {
  it('are not waited for by the window; its page gets a port once they answer', async () => {
    const { app, page, output, close } = await launchConsole({ program: 'fake', env: { FAKE_LOAD: 'held' } });
    const shown = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());
    expect(shown).toBe(true);
    expect(await page.evaluate(() => (window as unknown as Fakes).probe.ports.length)).toBe(0);
    expect(output()).not.toContain('Window open');
    await app.evaluate(() => (globalThis as unknown as Fakes).fakeConsole.letGo());
    const answer = await page.evaluate(() =>
      (window as unknown as Fakes).probe.call('system.consoleSettings'),
    );
    expect(answer).toHaveProperty('output');
    await close();
  });

  it('give a page that was loaded again meanwhile one port, not two', async () => {
    const { app, page, close } = await launchConsole({ program: 'fake', env: { FAKE_LOAD: 'held' } });
    await page.reload();
    await app.evaluate(() => (globalThis as unknown as Fakes).fakeConsole.letGo());
    await page.evaluate(() => (window as unknown as Fakes).probe.call('system.consoleSettings'));
    expect(await page.evaluate(() => (window as unknown as Fakes).probe.ports.length)).toBe(1);
    await close();
  });

  it('are never started when the program is to stop before', async () => {
    const { app, output } = await launchConsole({ program: 'fake', env: { FAKE_LOAD: 'held' } });
    const ended = new Promise((resolve) => {
      app.process().on('exit', (code, signal) => resolve({ code, signal }));
    });
    app.process().kill('SIGTERM');
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(output()).toContain('Stopped');
    expect(output()).not.toContain('A secret passes by');
  });

  it('say why and end the program where they cannot be loaded', async () => {
    const console = await spawnConsole({ program: 'fake', env: { FAKE_LOAD: 'broken' } });
    expect(await console.ended).toEqual({ code: 1, signal: null });
    expect(console.output()).toContain('Opsdeck could not start: A part of the program is missing');
  });
});

describe('the end', () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    it(`after ${signal} comes in order: services, what was left, exit code 0`, async () => {
      const console = await open();
      console.process.kill(signal);
      expect(await console.ended).toEqual({ code: 0, signal: null });
      const order = [
        `reason=${signal}`,
        'services closing',
        'services closed',
        'One pass was left',
        'Stopped',
      ];
      const found = order.map((text) => console.output().indexOf(text));
      expect(found).toEqual([...found].sort((a, b) => a - b));
      expect(found).not.toContain(-1);
    });
  }

  it('after closing the window is the same', async () => {
    const launched = await launchConsole({ program: 'fake' });
    const ended = new Promise((resolve) => launched.app.process().on('exit', resolve));
    await launched.app.evaluate(({ BrowserWindow }) => {
      setTimeout(() => BrowserWindow.getAllWindows()[0]?.close(), 50);
    });
    expect(await ended).toBe(0);
    expect(launched.output()).toContain('services closed');
  });

  it('comes at once with a second Ctrl-C', async () => {
    const console = await open({ FAKE_CLOSE_MS: '15000' });
    console.process.kill('SIGINT');
    await console.says('services closing');
    console.process.kill('SIGINT');
    const { code } = await console.ended;
    expect(code).toBe(130);
    expect(console.output()).not.toContain('services closed');
  });
});

describe('a second start', () => {
  it('with the same data folder brings the first window forward and ends', async () => {
    const first = await launchConsole({ program: 'fake' });
    await first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
    const second = await spawnConsole({ program: 'fake', dataFolder: first.dataFolder });
    expect(await second.ended).toEqual({ code: 0, signal: null });
    expect(second.output()).toContain('already runs');
    await waitFor(
      () => first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible() === true),
      'the first window',
    );
    await first.close();
  });

  it('with another data folder runs beside the first', async () => {
    const first = await open();
    const second = await open();
    first.process.kill('SIGTERM');
    second.process.kill('SIGTERM');
    expect([(await first.ended).code, (await second.ended).code]).toEqual([0, 0]);
  });
});

describe('what a console keeps', () => {
  it('holds no secret in any file or on the terminal', async () => {
    const console = await open();
    console.process.kill('SIGTERM');
    await console.ended;
    const files = filesBelow(console.dataFolder);
    expect(files.some((path) => path.endsWith('console.log'))).toBe(true);
    for (const text of [console.output(), ...files.map(readIfThere)]) {
      expect(text).not.toContain('canary-in-url');
      expect(text).not.toContain('canary-configured-secret');
    }
    expect(console.output()).toContain('A secret passes by');
  });

  it('is where and how large its window was', async () => {
    const bounds = { x: 150, y: 90, width: 1111, height: 777 };
    const first = await launchConsole({ program: 'fake' });
    await first.app.evaluate(
      ({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]?.setBounds(to),
      bounds,
    );
    await waitFor(
      () => readIfThere(join(first.dataFolder, 'window.json')).includes('1111'),
      'the saved bounds',
    );
    await first.close();
    const second = await launchConsole({ program: 'fake', dataFolder: first.dataFolder });
    expect(await boundsOf(second)).toEqual(bounds);
    await second.close();
  });

  it('is its theme, which colours the window before anything is painted', async () => {
    const first = await launchConsole({ program: 'fake' });
    await first.page.evaluate(() =>
      (window as unknown as { probe: { call(path: string, input: unknown): Promise<unknown> } }).probe.call(
        'system.changeConsoleSettings',
        { theme: 'dark', language: 'sv' },
      ),
    );
    expect(await colourOf(first)).toBe('#242424');
    await first.close();
    const second = await launchConsole({ program: 'fake', dataFolder: first.dataFolder });
    expect(await colourOf(second)).toBe('#242424');
    expect(await second.page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(true);
    const labels = await second.app.evaluate(({ Menu }) =>
      Menu.getApplicationMenu()?.items.map(({ label }) => label),
    );
    expect(labels).toEqual(['Arkiv', 'Redigera', 'Visa']);
    await second.close();
  });

  it('survives unreadable files: they are set aside and said', async () => {
    const dataFolder = temporaryFolder();
    mkdirSync(dataFolder, { recursive: true });
    writeFileSync(join(dataFolder, 'console-settings.json'), '{"theme": "da');
    writeFileSync(join(dataFolder, 'window.json'), '\0\0\0');
    const launched = await launchConsole({ program: 'fake', dataFolder });
    const log = readIfThere(join(dataFolder, 'logs', 'console.log'));
    expect(log).toContain('settings of this console were unreadable');
    expect(readdirSync(dataFolder).filter((name) => name.includes('.bad-')).length).toBe(2);
    await launched.close();
  });
});

it('a picture of the window is kept fresh', async () => {
  const path = join(temporaryFolder(), 'pictures', 'console.png');
  const launched = await launchConsole({ program: 'fake', env: { FAKE_SCREENSHOT: path } });
  await waitFor(() => readIfThere(path).length > 0, 'the first picture');
  const before = statSync(path).mtimeMs;
  await launched.page.evaluate(() => document.body.append('something new'));
  await waitFor(() => statSync(path).mtimeMs > before, 'a fresher picture');
  expect(readIfThere(path).slice(1, 4)).toBe('PNG');
  await launched.close();
});

function boundsOf(launched: LaunchedConsole): Promise<unknown> {
  return launched.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
}

function colourOf(launched: LaunchedConsole): Promise<string | undefined> {
  return launched.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getBackgroundColor().toLowerCase(),
  );
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
