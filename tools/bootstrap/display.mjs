import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installDebianPackages } from './debian.mjs';
import { endGroup, findProgram, runCommand } from './run-command.mjs';
import { say, StepFailed } from './say.mjs';

const SCREEN = '1920x1080x24';

/*
 * The server's keeper: ends it when our end of the pipe on standard input closes, which also happens when this tool
 * is killed. Descriptor 3 stays with the server alone, so that its end is noticed on our side.
 */
const KEEPER = 'Xvfb "$@" & server=$!; exec 3>&-; cat >/dev/null; kill "$server" 2>/dev/null; wait "$server"';

/** Whether a window can be shown without help. */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY) || Boolean(process.env.WAYLAND_DISPLAY);
}

/**
 * Starts a display without a screen, in a process group of its own: Ctrl-C reaches the program first, which needs
 * the display until it has stopped in order. Answers the environment for its clients and a function that ends it.
 */
export async function startDisplay() {
  const missing = ['Xvfb', 'xauth'].filter((program) => findProgram(program) === undefined);
  if (missing.length > 0) await installDebianPackages(['xvfb', 'xauth'], 'A display without a screen (Xvfb)');
  const folder = mkdtempSync(join(tmpdir(), 'opsdeck-display-'));
  const authority = join(folder, 'authority');
  writeFileSync(authority, '', { mode: 0o600 });
  for (let number = 99; number < 200; number += 1) {
    if (existsSync(`/tmp/.X${number}-lock`) || existsSync(`/tmp/.X11-unix/X${number}`)) continue;
    const keeper = await tryDisplay(number, authority);
    if (keeper === undefined) continue;
    return {
      environment: { DISPLAY: `:${number}`, XAUTHORITY: authority },
      stop: () => stopDisplay(keeper, folder),
    };
  }
  rmSync(folder, { recursive: true, force: true });
  throw new StepFailed('Xvfb does not start.', `Xvfb :99 -screen 0 ${SCREEN}`);
}

async function tryDisplay(number, authority) {
  const cookie = randomBytes(16).toString('hex');
  const added = await runCommand('xauth', ['-f', authority, 'add', `:${number}`, '.', cookie]);
  if (added.code !== 0) throw new StepFailed(`xauth failed: ${added.output.trim()}`);
  const args = [
    `:${number}`,
    '-screen',
    '0',
    SCREEN,
    '-nolisten',
    'tcp',
    '-auth',
    authority,
    '-displayfd',
    '3',
  ];
  const keeper = spawn('sh', ['-c', KEEPER, 'sh', ...args], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
  });
  const isReady = await new Promise((resolve) => {
    const limit = setTimeout(() => resolve(false), 15_000);
    const settle = (value) => {
      clearTimeout(limit);
      resolve(value);
    };
    keeper.stdio[3].once('data', () => settle(true)).once('end', () => settle(false));
    keeper.once('error', () => settle(false));
  });
  if (isReady) return keeper;
  endGroup(keeper, 'SIGKILL');
  return undefined;
}

async function stopDisplay(keeper, folder) {
  const ended = new Promise((resolve) => keeper.once('close', resolve));
  keeper.stdin.end();
  const limit = setTimeout(() => {
    say('Xvfb did not stop in 5 s; ending it');
    endGroup(keeper, 'SIGKILL');
  }, 5000);
  if (keeper.exitCode === null && keeper.signalCode === null) await ended;
  clearTimeout(limit);
  rmSync(folder, { recursive: true, force: true });
}
