import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { follow, temporaryFolder, waitFor } from './launch-console.ts';

const root = join(import.meta.dirname, '../..');
const start = join(root, 'tools/start.mjs');

/** Processes that name the folder, on their command line or in their environment. */
function namedBy(folder: string): string[] {
  return readdirSync('/proc').filter(
    (pid) =>
      /^\d+$/.test(pid) &&
      Number(pid) !== process.pid &&
      ['cmdline', 'environ'].some((file) => textOf(`/proc/${pid}/${file}`).includes(folder)),
  );
}

/** A process's own text; none where it has ended meanwhile. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

it.runIf(process.platform === 'linux')(
  '`npm start` says what it does and the first pass, keeps a picture, and leaves nothing running after Ctrl-C',
  async () => {
    const dataFolder = temporaryFolder();
    const picture = join(dataFolder, 'picture.png');
    const { DISPLAY: _display, ...inherited } = process.env;
    const given = Object.entries(inherited).filter(
      ([name]) => !name.startsWith('VITEST') && !/^OPSDECK_(?!SQLITE)/.test(name),
    );
    const child = spawn(process.execPath, [start], {
      cwd: root,
      env: {
        ...Object.fromEntries(given),
        NODE_OPTIONS: '',
        OPSDECK_DATA_DIR: dataFolder,
        OPSDECK_SCREENSHOT: picture,
      },
      detached: true,
    });
    const program = follow(child);
    try {
      await program.says('nothing is configured: starting with the sandbox');
      await waitFor(
        () => /deals: \d+ inserted, .*\d+ held, \d+ rejected/.test(program.output()),
        `the first pass in:\n${program.output()}`,
        child,
      );
      await waitFor(() => existsSync(picture), 'the picture', child);
      expect(readFileSync(picture).subarray(1, 4).toString()).toBe('PNG');
      expect(namedBy(dataFolder).length).toBeGreaterThan(0);
    } finally {
      process.kill(-child.pid!, 'SIGINT');
    }
    await program.ended;
    expect(program.output()).not.toMatch(/Error:/);
    await waitFor(() => namedBy(dataFolder).length === 0, 'the end of every process');
  },
  240_000,
);
