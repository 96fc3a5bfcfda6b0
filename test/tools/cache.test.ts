import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

const MODULE = new URL('../../tools/bootstrap/cache.mjs', import.meta.url).href;

let home: string;
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'opsdeck-cache-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Runs a script in a process of its own, with the cache in the test's folder. */
async function run(build: string): Promise<string> {
  const script = `import { cacheEntry } from ${JSON.stringify(MODULE)};
    import { writeFileSync } from 'node:fs';
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    process.stdout.write(await cacheEntry('thing', async (draft) => { ${build} }));`;
  const env = { ...process.env, XDG_CACHE_HOME: home };
  return (await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env })).stdout;
}

function names(): string[] {
  return readdirSync(join(home, 'opsdeck-toolchain')).toSorted();
}

const WRITE = "writeFileSync(draft + '/one', '1'); await sleep(300); writeFileSync(draft + '/two', '2');";

test('two that build the same entry at once both get a complete one', async () => {
  const [first, second] = await Promise.all([run(WRITE), run(WRITE)]);
  expect(first).toBe(second);
  expect(readFileSync(join(first, 'two'), 'utf8')).toBe('2');
  expect(names()).toEqual(['thing']);
});

test('a build that fails or is killed leaves no entry and no rubbish behind the next one', async () => {
  await expect(run("writeFileSync(draft + '/one', '1'); throw new Error('no');")).rejects.toThrow();
  expect(names()).toEqual([]);
  await expect(
    run("writeFileSync(draft + '/one', '1'); process.kill(process.pid, 'SIGKILL');"),
  ).rejects.toThrow();
  expect(names()).not.toContain('thing');
  await run(WRITE);
  expect(names()).toEqual(['thing']);
});

test('what Node compiled is kept among the rest, unless a person keeps it elsewhere', async () => {
  const script = `import { compiledBefore } from ${JSON.stringify(MODULE)};
    process.stdout.write(compiledBefore().NODE_COMPILE_CACHE);`;
  const { NODE_COMPILE_CACHE: _given, ...mine } = process.env;
  const folderWith = async (more: Record<string, string>) => {
    const env = { ...mine, XDG_CACHE_HOME: home, ...more };
    return (await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env }))
      .stdout;
  };
  expect(await folderWith({})).toBe(join(home, 'opsdeck-toolchain', 'compiled'));
  const own = join(home, 'own');
  expect(await folderWith({ NODE_COMPILE_CACHE: own })).toBe(own);
});
