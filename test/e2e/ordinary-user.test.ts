import { execFileSync, spawn } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import {
  buildConsole,
  display,
  electronPath,
  follow,
  openDisplay,
  temporaryFolder,
  waitFor,
} from './launch-console.ts';

const root = join(import.meta.dirname, '../..');

/** The user without rights that every Linux has. */
const nobody = 65_534;

/**
 * The console as an ordinary user runs it: with Chromium's sandbox, that is without any switch. When the tests run as
 * root it is started for the user nobody, from a readable copy of Electron and of the build.
 */
it.runIf(process.platform === 'linux')('runs with the Chromium sandbox for an ordinary user', async () => {
  await buildConsole('fake');
  const asRoot = process.getuid?.() === 0;
  const place = mkdtempSync(join(tmpdir(), 'opsdeck-user-'));
  const dataFolder = temporaryFolder();
  try {
    const electron = asRoot ? copyElectron(place) : electronPath();
    const program = asRoot ? copyProgram(place) : join(root, 'out/fake-console');
    if (asRoot) for (const path of [place, dataFolder]) chownSync(path, nobody, nobody);
    const picture = join(dataFolder, 'picture.png');
    const started = follow(
      spawn(electron, [program], {
        cwd: place,
        detached: true,
        ...(asRoot ? { uid: nobody, gid: nobody } : {}),
        env: {
          PATH: process.env['PATH'] ?? '',
          HOME: place,
          DISPLAY: await (asRoot ? openDisplay() : display()),
          FAKE_DATA_FOLDER: dataFolder,
          FAKE_SCREENSHOT: picture,
        },
      }),
    );
    await started.says('Window open');
    await waitFor(() => existsSync(picture), 'a painted window');
    const renderers = processesOf(electron).filter((line) => line.includes('--type=renderer'));
    expect(renderers.length).toBeGreaterThan(0);
    for (const line of renderers) {
      expect(line).not.toContain('--no-sandbox');
      // Seccomp 2: the kernel filters the system calls of the page's process, which only Chromium's sandbox sets.
      expect(readFileSync(`/proc/${line.trim().split(/\s+/)[0]}/status`, 'utf8')).toMatch(/^Seccomp:\s+2$/m);
    }
    started.process.kill('SIGTERM');
    expect((await started.ended).code).toBe(0);
  } finally {
    rmSync(place, { recursive: true, force: true });
    rmSync(dataFolder, { recursive: true, force: true });
  }
});

/** Nor can, perhaps, the folder this clone is in: what the program looks for above itself goes along. */
function copyProgram(place: string): string {
  for (const part of ['out/fake-console', 'resources', 'migrations', 'package.json'])
    cpSync(join(root, part), join(place, part), { recursive: true });
  return join(place, 'out/fake-console');
}

/** Root's own cache cannot be read by others. */
function copyElectron(place: string): string {
  const folder = realpathSync(dirname(electronPath()));
  cpSync(folder, join(place, 'electron'), { recursive: true });
  return join(place, 'electron', 'electron');
}

function processesOf(program: string): string[] {
  return execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(program));
}
