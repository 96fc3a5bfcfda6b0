import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy } from '../../src/main/electron/content-security-policy.ts';
import { listAppFiles } from '../../src/main/electron/list-app-files.ts';
import {
  decidePermission,
  isAllowedExternal,
  isAllowedNavigation,
  isAllowedRequest,
  isTrustedFrame,
  pageUrl,
  resolveAppPath,
} from '../../src/main/electron/window-policy.ts';
import { foreignAddresses, unannouncedAddresses } from './foreign-addresses.ts';

const page = pageUrl('console.html');

describe('navigation', () => {
  it('is allowed to the page itself and to places inside it', () => {
    expect(isAllowedNavigation(page, page)).toBe(true);
    expect(isAllowedNavigation(`${page}#duplicates`, page)).toBe(true);
  });

  it('is refused to each of the foreign addresses, as written and as parsed', () => {
    expect(new Set(foreignAddresses).size).toBe(40);
    for (const address of [...foreignAddresses, ...unannouncedAddresses]) {
      expect([address, isAllowedNavigation(address, page)]).toEqual([address, false]);
      if (URL.canParse(address)) expect(isAllowedNavigation(new URL(address).href, page)).toBe(false);
    }
  });

  it('is refused to everything in contents that belong to no window of ours', () => {
    expect(isAllowedNavigation(page, null)).toBe(false);
  });
});

it('requests go to our own files, the developer tools and data alone', () => {
  for (const url of [page, 'devtools://devtools/x', 'data:image/png;base64,AA', 'blob:app://opsdeck/x']) {
    expect([url, isAllowedRequest(url)]).toEqual([url, true]);
  }
  for (const url of [
    'https://opsdeck/',
    'http://x/',
    'ws://x/',
    'wss://x/',
    'file:///etc/passwd',
    'app://opsdeck',
    'app://opsdeck.evil/',
    'ftp://x/',
    'chrome://gpu',
    '',
  ]) {
    expect([url, isAllowedRequest(url)]).toEqual([url, false]);
  }
});

it('every permission that Electron knows is refused', () => {
  const types = readFileSync(join(import.meta.dirname, '../../node_modules/electron/electron.d.ts'), 'utf8');
  const lists = types.match(/set(?:PermissionRequest|PermissionCheck)Handler\(handler:.*$/gm) ?? [];
  const names = new Set(
    lists.flatMap((line) => [...line.matchAll(/'([\w-]+)'/g)].map((match) => match[1] ?? '')),
  );
  expect(names.size).toBeGreaterThan(20);
  for (const name of ['notifications', 'geolocation', 'media', 'clipboard-read'])
    expect(names).toContain(name);
  for (const name of names) expect(decidePermission(name)).toBe(false);
});

describe('an address for the system browser', () => {
  const hosts = ['docs.opsdeck.example', 'vendor.example'];

  it('is taken when it is plain https on a listed host', () => {
    for (const good of [
      'https://vendor.example',
      'https://vendor.example/',
      'https://docs.opsdeck.example/a/b?c=d#e',
    ]) {
      expect([good, isAllowedExternal(good, hosts)]).toEqual([good, true]);
      expect(isAllowedExternal(good, [])).toBe(false);
    }
  });

  it('is refused in each of sixty bad forms', () => {
    expect(badExternal.length).toBeGreaterThanOrEqual(60);
    for (const bad of badExternal) expect([bad, isAllowedExternal(bad, hosts)]).toEqual([bad, false]);
  });

  it('is never taken outside the list, whatever it is made of', () => {
    const piece = fc.constantFrom(
      'https:',
      'HTTPS:',
      'http:',
      'javascript:',
      '//',
      '\\\\',
      '/',
      '@',
      ':',
      '#',
      '?',
      '.',
      '%2e',
      '%00',
      '\0',
      '\n',
      ' ',
      'vendor.example',
      'vendor.example.',
      'evil.example',
      'xn--',
      '[::1]',
      ':443',
      'user',
      '\u202e',
    );
    const built = fc.oneof(
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      fc
        .array(fc.oneof(piece, fc.string({ maxLength: 4 })), { maxLength: 10 })
        .map((parts) => parts.join('')),
      fc.array(piece, { maxLength: 6 }).map((parts) => `https://vendor.example${parts.join('')}`),
      fc.string(),
    );
    let taken = 0;
    fc.assert(
      fc.property(built, (address) => {
        if (!isAllowedExternal(address, hosts)) return;
        taken += 1;
        const url = new URL(address);
        expect(url.protocol).toBe('https:');
        expect(hosts).toContain(url.hostname);
        expect(url.username + url.password + url.port).toBe('');
        expect(address.length).toBeLessThanOrEqual(2048);
        expect(/[\s\\\p{Cc}]/u.test(address)).toBe(false);
      }),
      { numRuns: 10_000 },
    );
    // Otherwise the property would hold of a function that refuses everything.
    expect(taken).toBeGreaterThan(50);
  });
});

describe('a path of the app protocol', () => {
  const root = mkdtempSync(join(tmpdir(), 'opsdeck-app-'));
  mkdirSync(join(root, 'pages', 'assets'), { recursive: true });
  writeFileSync(join(root, 'secret.html'), 'secret');
  for (const name of ['console.html', 'assets/a.js', 'assets/a.js.map', 'notes.txt']) {
    writeFileSync(join(root, 'pages', name), name);
  }
  const files = listAppFiles(join(root, 'pages'));

  it('serves the listed files of known kinds', () => {
    expect([...files.keys()].sort()).toEqual(['assets/a.js', 'console.html']);
    expect(resolveAppPath(page, files)?.type).toContain('text/html');
    expect(resolveAppPath('app://opsdeck/assets/a.js?v=1', files)?.type).toContain('javascript');
  });

  it('serves nothing else for 20 000 paths', () => {
    const piece = fc.constantFrom(
      '..',
      '../',
      '..%2f',
      '..%5c',
      '..\\',
      '%2e%2e/',
      '%252e%252e/',
      '//',
      '/',
      '\\',
      '%00',
      '\0',
      'secret.html',
      'console.html',
      'assets',
      'a.js',
      'C:',
      '~',
      'file:',
      'etc/passwd',
      '.',
      '%',
      'constructor',
      '__proto__',
      'toString',
      ';',
      ' ',
    );
    const path = fc.array(fc.oneof({ weight: 4, arbitrary: piece }, fc.string({ maxLength: 5 })), {
      maxLength: 8,
    });
    const prefix = fc.constantFrom(
      'app://opsdeck/',
      'app://opsdeck',
      'app://evil/',
      'APP://opsdeck/',
      'file:///',
      '',
    );
    const inside = new Set([...files.values()].map((file) => file.path));
    let served = 0;
    fc.assert(
      fc.property(prefix, path, fc.boolean(), (start, parts, parsed) => {
        const raw = start + parts.join('');
        const asked = parsed && URL.canParse(raw) ? new URL(raw).href : raw;
        const file = resolveAppPath(asked, files);
        if (file === null) return;
        served += 1;
        expect(inside).toContain(file.path);
        expect(asked.startsWith('app://opsdeck/')).toBe(true);
      }),
      { numRuns: 20_000 },
    );
    expect(served).toBeGreaterThan(0);
  });
});

describe('a frame', () => {
  const good = { url: page, origin: 'app://opsdeck', isMainFrame: true, destroyed: false };

  it('is trusted when it is the living main frame with the page of its window', () => {
    expect(isTrustedFrame(good, page)).toBe(true);
    expect(isTrustedFrame({ ...good, url: `${page}#x` }, page)).toBe(true);
  });

  it('is not trusted when anything is different', () => {
    expect(isTrustedFrame(null, page)).toBe(false);
    expect(isTrustedFrame(good, null)).toBe(false);
    expect(isTrustedFrame(good, pageUrl('wall.html'))).toBe(false);
    expect(isTrustedFrame({ ...good, isMainFrame: false }, page)).toBe(false);
    expect(isTrustedFrame({ ...good, destroyed: true }, page)).toBe(false);
    for (const origin of ['null', 'app://evil', 'https://opsdeck', 'app://opsdeck.evil']) {
      expect(isTrustedFrame({ ...good, origin }, page)).toBe(false);
    }
    for (const url of foreignAddresses) expect(isTrustedFrame({ ...good, url }, page)).toBe(false);
  });
});

it('the policy of a response allows nothing by default and styles by its nonce alone', () => {
  const policy = contentSecurityPolicy('abc');
  expect(policy.startsWith("default-src 'none'; ")).toBe(true);
  expect(policy).toContain("style-src 'self' 'nonce-abc'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
});

const badExternal = [
  '',
  ' ',
  'https',
  'https:',
  'https:/',
  'https://',
  'vendor.example',
  '//vendor.example/',
  '/vendor.example',
  'http://vendor.example/',
  'HTTPS://vendor.example/',
  'https:vendor.example',
  'https:/vendor.example/',
  'https:///vendor.example/',
  'https:\\\\vendor.example/',
  'https://vendor.example\\@evil.example/',
  'https://ok@vendor.example/',
  'https://ok:pw@vendor.example/',
  'https://vendor.example@evil.example/',
  'https://@vendor.example/',
  'https://vendor.example:443/',
  'https://vendor.example:8443/',
  'https://vendor.example:/',
  'https://VENDOR.example/',
  'https://vendor.example./',
  'https://evil.example/',
  'https://vendor.example.evil.example/',
  'https://evilvendor.example/',
  'https://sub.vendor.example/',
  'https://vendor%2eexample/',
  'https://vendor.example%00/',
  'https://vendor.example/\0',
  'https://vendor.example/\r\nX: y',
  'https://vendor.example/\n',
  'https://vendor.example/ x',
  ' https://vendor.example/',
  'https://vendor.example/\t',
  'https://vendor.example/\u2028',
  'https://vendor.example/\u0085',
  'https://vendor.example/\u007f',
  'https://véndor.example/',
  'https://xn--vendor.example/',
  'https://127.0.0.1/',
  'https://[::1]/',
  'https://0x7f.1/',
  'https://localhost/',
  `https://vendor.example/${'a'.repeat(2048)}`,
  'file:///etc/passwd',
  'file://vendor.example/x',
  'smb://vendor.example/x',
  '\\\\vendor.example\\x',
  'ftp://vendor.example/',
  'javascript:alert(1)',
  'data:text/html,x',
  'blob:https://vendor.example/x',
  'ms-msdt:/id',
  'ms-officecmd:{}',
  'search-ms:query=x',
  'vscode://x',
  'steam://run/1',
  'mailto:a@vendor.example',
  'tel:112',
  'ssh://vendor.example',
  'app://opsdeck/console.html',
  'view-source:https://vendor.example/',
  'C:\\Windows\\calc.exe',
  '/bin/sh',
  null,
  undefined,
  1,
  {},
  ['https://vendor.example/'],
];
