import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { bootstrapElectron } from './bootstrap.mjs';
import { REPOSITORY } from './bootstrap/bootstrap-node.mjs';
import { hasDisplay, startDisplay } from './bootstrap/display.mjs';
import { endGroup } from './bootstrap/run-command.mjs';
import { runTool, say } from './bootstrap/say.mjs';
import { buildWhenChanged } from './commands/build-when-changed.mjs';
import { passOnErrors } from './commands/pass-on-errors.mjs';
import { whenParentGone } from './commands/watch-parent.mjs';

/*
 * `npm start`: the console from this clone. Everything after `--` goes to the program.
 *
 * Ctrl-C and SIGTERM go to the program once, which stops in order; after a limit it is ended. The display is kept
 * until then, and nothing is left running.
 */

const STOP_LIMIT_MILLISECONDS = 20_000;
/** A terminal and npm both pass the same Ctrl-C on; later than this it is a second one, of an impatient person. */
const SAME_SIGNAL_MILLISECONDS = 1500;
const TEMPORARY = join(REPOSITORY, '.tmp');

await runTool(async (args) => {
  const stopped = watchSignals();
  const { electron, environment } = await bootstrapElectron();
  await buildWhenChanged(REPOSITORY, environment);
  if (
    !environment.OPSDECK_DATABASE_URL &&
    !environment.OPSDECK_ADVERSUS_URL &&
    !environment.OPSDECK_SANDBOX
  ) {
    environment.OPSDECK_SANDBOX = '1';
    say('nothing is configured: starting with the sandbox (an embedded database and simulated upstreams)');
  }
  const display = hasDisplay() ? undefined : await startDisplay();
  if (display !== undefined) {
    environment.OPSDECK_SCREENSHOT ??= join(TEMPORARY, 'screenshot.png');
    say(
      `no display here: the windows are drawn unseen, a picture is kept in ${environment.OPSDECK_SCREENSHOT}`,
    );
  }
  try {
    return await runElectron(electron.executable, args, { ...environment, ...display?.environment }, stopped);
  } finally {
    await display?.stop();
  }
});

/** Signals before the program runs end this tool at the next step; later ones are handed to whoever subscribed. */
function watchSignals() {
  const state = { signal: undefined, onSignal: undefined };
  const stop = (signal) => {
    state.signal ??= signal;
    state.onSignal?.(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(signal));
  whenParentGone(() => stop('SIGTERM'));
  return state;
}

async function runElectron(executable, args, environment, stopped) {
  if (stopped.signal !== undefined) return 128 + constants.signals[stopped.signal];
  // Chromium refuses to start its sandbox as root. An ordinary user keeps it.
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const { ELECTRON_RUN_AS_NODE: _, ...env } = environment;
  const child = spawn(executable, [...asRoot, REPOSITORY, ...args], {
    cwd: REPOSITORY,
    env,
    // A group of its own: a terminal's Ctrl-C must not reach Chromium's helper processes before the program.
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  passOnErrors(child.stderr, TEMPORARY);
  const timers = [];
  stopped.onSignal = stopOnce(child, timers);
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      say(`${executable}: ${error.message}`);
      resolve(127);
    });
    child.once('exit', (exit, signal) => {
      if (signal !== null && stopped.signal === undefined)
        say(`the program was ended from outside (${signal}); the next start recovers what was open`);
      resolve(exit ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
  for (const timer of timers) clearTimeout(timer);
  // Helpers that outlived the program; there are none after an ordered stop.
  endGroup(child, 'SIGKILL');
  return code;
}

function stopOnce(child, timers) {
  let firstAt;
  return () => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      say('stopping');
      child.kill('SIGTERM');
      timers.push(
        setTimeout(() => endNow(child, 'the program did not stop in 20 s'), STOP_LIMIT_MILLISECONDS),
      );
    } else if (performance.now() - firstAt > SAME_SIGNAL_MILLISECONDS) {
      endNow(child, 'asked a second time');
    }
  };
}

function endNow(child, reason) {
  say(`${reason}: ending it; the next start recovers what was open`);
  endGroup(child, 'SIGKILL');
  child.kill('SIGKILL');
}
