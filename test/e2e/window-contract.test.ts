import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { consoleContract } from '../../src/shared/contract/index.ts';
import { errorCodes } from '../../src/shared/contract/errors.ts';
import { consoleDefaults } from '../../src/shared/contract/system.ts';
import { hostileMessages } from '../electron/hostile-messages.ts';
import { buildConsole, launchConsole, readIfThere, waitFor, type LaunchedConsole } from './launch-console.ts';

interface Probe {
  ports: MessagePort[];
  answers: Record<string, { p: { s?: number; b: { json: { code: string; message: string } } } }>;
  client: {
    system: { changes(): Promise<AsyncIterable<unknown>> };
    sync: { progress(): Promise<AsyncIterable<unknown>> };
  };
  call(
    path: string,
    input?: unknown,
  ): Promise<{ code?: string; status?: number; message?: string; output?: unknown }>;
}
declare const probe: Probe;
interface FakeConsole {
  reached: Array<{ procedure: string; input: unknown; proper: boolean }>;
  marks: string[];
}

let launched: LaunchedConsole;

beforeAll(async () => {
  await buildConsole('fake');
  launched = await launchConsole({ program: 'fake' });
});
afterAll(() => launched?.close());
afterEach(async () => {
  await launched.app.evaluate(() => {
    (globalThis as unknown as { fakeConsole: FakeConsole }).fakeConsole.reached.length = 0;
  });
});

const fake = () =>
  launched.app.evaluate(() => (globalThis as unknown as { fakeConsole: FakeConsole }).fakeConsole);
const call = (path: string, input?: unknown) =>
  launched.page.evaluate(([name, given]) => probe.call(name as string, given), [path, input]);
const procedures = Object.entries(consoleContract).flatMap(([feature, group]) =>
  Object.keys(group).map((name) => `${feature}.${name}`),
);

describe('the port', () => {
  it('is pushed once after a load and carries calls', async () => {
    expect(await launched.page.evaluate(() => probe.ports.length)).toBe(1);
    expect(await call('system.consoleSettings')).toEqual({ output: consoleDefaults });
  });

  it('cannot be asked for', async () => {
    const ports = await launched.page.evaluate(async () => {
      for (const plea of ['port', 'start-orpc-client', 'opsdeck:port', { type: 'port' }]) {
        window.postMessage(plea, '*');
        window.postMessage(plea, '*', [new MessageChannel().port1]);
        window.parent.postMessage(plea, '*');
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
      return probe.ports.length;
    });
    // The test's page takes any port that is posted under the right name, here its own one; none came from main.
    expect(ports).toBe(2);
    await launched.page.reload();
    await waitFor(() => launched.page.evaluate(() => probe.ports.length === 1), 'a port after the reload');
  });

  it('is a new one after a reload, and the old one and its streams end', async () => {
    await launched.page.evaluate(async () => {
      const stream = await probe.client.system.changes();
      await stream[Symbol.asyncIterator]().next();
    });
    await launched.page.reload();
    await waitFor(async () => (await fake()).marks.includes('stream ended'), 'the end of the old stream');
    await waitFor(() => launched.page.evaluate(() => probe.ports.length === 1), 'the new port');
    expect((await call('system.consoleSettings')).output).toBeDefined();
  });

  it('is closed and replaced when the process of the page dies', async () => {
    await launched.app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer();
    });
    await waitFor(() => launched.output().includes('The process of a window died'), 'the crash');
    // Playwright's page does not outlive its process, so main looks for it.
    await waitFor(
      () =>
        launched.app.evaluate(async ({ BrowserWindow }) => {
          const contents = BrowserWindow.getAllWindows()[0]?.webContents;
          if (!contents || contents.isCrashed() || contents.isLoading()) return false;
          const result: unknown = await contents.executeJavaScript('probe.call("system.consoleSettings")');
          return JSON.stringify(result).includes('language');
        }),
      'the revived page',
    );
    await launched.close();
    launched = await launchConsole({ program: 'fake' });
  });
});

describe('the port of the wall', () => {
  it('answers the wall and knows no other procedure, so that none is reached', async () => {
    expect((await call('wallWindow.open')).output).toMatchObject({ open: true });
    const wall = () => launched.app.windows().find((page) => page.url().endsWith('/wall.html'));
    await waitFor(() => wall() !== undefined, 'the wall');
    const page = wall()!;
    await page.waitForLoadState('load');
    const ask = (path: string) => page.evaluate((name) => probe.call(name), path);
    expect((await ask('wall.settings')).output).toMatchObject({ volume: 50 });
    for (const path of procedures) {
      const answer = await ask(path);
      expect([path, answer.output, answer.status]).toEqual([path, undefined, 404]);
    }
    const { reached } = await fake();
    expect(reached.map(({ procedure }) => procedure)).toEqual(['wallWindow.open']);
    // And the console's port knows none of the wall's.
    expect(await call('wall.board')).toMatchObject({ status: 404 });
    expect((await call('wallWindow.close')).output).toMatchObject({ open: false });
  });
});

describe('failures', () => {
  it('of ours keep their code, sentence and status', async () => {
    expect(await call('sync.held')).toMatchObject({
      code: 'NOT_FOUND',
      status: 404,
      message: 'sync.held has nothing to give.',
    });
  });

  it('unforeseen become INTERNAL with an id that the log has, and nothing else', async () => {
    const failure = await call('system.invalidateCache');
    expect(failure).toMatchObject({ code: 'INTERNAL', status: 500 });
    expect(JSON.stringify(failure)).not.toContain('secret detail');
    const id = /under (\w+)\./.exec(failure.message ?? '')?.[1] ?? 'none';
    const log = readIfThere(`${launched.dataFolder}/logs/console.log`);
    const line = log.split('\n').find((entry) => entry.includes(id));
    expect(line).toContain('secret detail');
  });

  it('of a wrong output never show the output', async () => {
    const failure = await call('sync.runs', { limit: 5 });
    expect(failure).toMatchObject({ code: 'INTERNAL' });
    expect(JSON.stringify(failure)).not.toContain('shape');
  });

  it('inside a stream are told the same way', async () => {
    const failure = await launched.page.evaluate(async () => {
      try {
        for await (const _ of await probe.client.sync.progress());
        return null;
      } catch (error) {
        const { code, message } = error as { code: string; message: string };
        return { code, message };
      }
    });
    expect(failure?.code).toBe('INTERNAL');
    expect(failure?.message).not.toContain('secret detail');
  });

  it('of an input say what is wrong without repeating it', async () => {
    const failure = await call('sync.start', { source: 'canary-value', kind: 'delta' });
    expect(failure).toMatchObject({ code: 'BAD_REQUEST', status: 400 });
    expect(failure.message).toContain('source');
    expect(JSON.stringify(failure)).not.toContain('canary-value');
  });

  it('refuse an oversized call at once', async () => {
    const failure = await launched.page.evaluate(() =>
      probe.call('sync.decideHeld', { id: 1, note: 'x'.repeat(50_000_000) }),
    );
    expect(failure).toMatchObject({ code: 'BAD_REQUEST', status: 413 });
    expect((await fake()).reached).toEqual([]);
  });
});

describe('hostile messages', () => {
  it(
    'are refused with a typed error before any procedure runs on a wrong input',
    { timeout: 300_000 },
    async () => {
      const seed = Number(process.env['OPSDECK_TEST_SEED'] ?? 20261122);
      const perProcedure = Number(process.env['OPSDECK_HOSTILE'] ?? 1000);
      const inputs = fc.sample(hostileInput, { seed, numRuns: perProcedure });
      let sent = 0;
      for (const [index, path] of procedures.entries()) {
        const answers = await launched.page.evaluate(
          async ([where, texts, offset]) => {
            const port = probe.ports.at(-1)!;
            const ids = texts.map((text, at) => {
              // Above every number that the client of the page has used.
              const id = (offset + at + 1_000_000).toString(36);
              port.postMessage(`{"i":"${id}","p":{"u":"/${where.replace('.', '/')}","b":{"json":${text}}}}`);
              return id;
            });
            const missing = () => ids.filter((id) => !(id in probe.answers));
            for (let tries = 0; tries < 400 && missing().length > 0; tries += 1) {
              await new Promise((resolve) => setTimeout(resolve, 50));
            }
            return ids.map((id) => ({ s: probe.answers[id]?.p.s, code: probe.answers[id]?.p.b.json?.code }));
          },
          [path, inputs, index * perProcedure] as const,
        );
        sent += answers.length;
        const odd = answers.filter(
          ({ s, code }) =>
            s === undefined || s < 400 || !(errorCodes as readonly (string | undefined)[]).includes(code),
        );
        // Only a change of settings that names no setting may succeed.
        if (path !== 'system.changeConsoleSettings') expect({ path, odd }).toEqual({ path, odd: [] });
      }
      const { reached } = await fake();
      expect(reached.filter(({ proper }) => !proper)).toEqual([]);
      console.log(
        `${sent} hostile inputs to ${procedures.length} procedures, seed ${seed}: ${reached.length} were proper and ran`,
      );
    },
  );

  it('out of shape reach nothing and leave main answering', async () => {
    const before = (await fake()).reached.length;
    await launched.page.evaluate((texts) => {
      const port = probe.ports.at(-1)!;
      for (const text of texts) port.postMessage(text);
      for (const odd of [
        null,
        undefined,
        1,
        true,
        [],
        {},
        new Date(),
        new Map(),
        new Uint8Array(10),
        new ArrayBuffer(10),
        /x/,
        { i: '1', p: { u: '/deals/today' } },
      ]) {
        port.postMessage(odd);
      }
      port.postMessage('x', [new MessageChannel().port1]);
    }, hostileMessages());
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await fake()).reached.length).toBe(before);
    expect((await call('system.consoleSettings')).output).toBeDefined();
    expect(launched.output()).not.toContain('handled by nobody');
  });
});

/** JSON of every kind, much of it near what the contract accepts. */
const key = fc.constantFrom(
  'limit',
  'offset',
  'source',
  'kind',
  'id',
  'action',
  'note',
  'patch',
  'version',
  'period',
  'language',
  'theme',
  '__proto__',
  'constructor',
  'x',
);
const value = fc.oneof(
  fc.constantFrom<unknown>(
    'deals',
    'sms',
    'delta',
    'window',
    'accept',
    'today',
    'sv',
    'dark',
    null,
    true,
    '',
    -1,
    0,
    1,
    500,
    501,
    1.5,
    2 ** 53,
    1e308,
  ),
  fc.jsonValue(),
);
const hostileInput = fc
  .oneof(fc.jsonValue(), fc.dictionary(key, value, { maxKeys: 5 }), fc.array(value, { maxLength: 5 }), value)
  .map((given) => JSON.stringify(given));
