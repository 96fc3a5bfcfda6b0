import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { bootstrapNode, REPOSITORY } from './bootstrap/bootstrap-node.mjs';
import { compiledBefore } from './bootstrap/cache.mjs';
import { runTool } from './bootstrap/say.mjs';
import { whenParentGone } from './commands/watch-parent.mjs';

/*
 * The command line: `npm run --silent opsdeck -- <command>`. Starts src/main/cli.ts on the product's Node and is as
 * good as not there: same input, output, signals and exit code.
 */

const SAME_SIGNAL_MILLISECONDS = 500;

await runTool(async (args) => {
  const { node, environment } = await bootstrapNode();
  const program = join(REPOSITORY, 'src', 'main', 'cli.ts');
  // Node strips the types itself; some versions print a warning about it, which is no news to a user.
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', program, ...args], {
    stdio: 'inherit',
    env: { ...environment, ...compiledBefore() },
  });
  forwardSignals(child);
  whenParentGone(() => child.kill('SIGTERM'));
  return new Promise((resolve) => {
    child.once('error', (error) => {
      process.stderr.write(`opsdeck: ${error.message}\n`);
      resolve(127);
    });
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
});

function forwardSignals(child) {
  // A terminal sends Ctrl-C to the whole group, and npm passes it on once more: one is enough.
  const isAtTerminal = process.stdin.isTTY || process.stdout.isTTY;
  let last = -Infinity;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      const now = performance.now();
      if (now - last > SAME_SIGNAL_MILLISECONDS && !(isAtTerminal && signal === 'SIGINT')) child.kill(signal);
      last = now;
    });
  }
}
