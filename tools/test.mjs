import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrapElectron } from './bootstrap.mjs';
import { REPOSITORY } from './bootstrap/bootstrap-node.mjs';
import { ensureNotificationService } from './bootstrap/notifications.mjs';
import { hasDisplay, startDisplay } from './bootstrap/display.mjs';
import { say } from './bootstrap/say.mjs';
import { ensureTestPostgres } from './bootstrap/test-postgres.mjs';
import { buildWhenChanged } from './commands/build-when-changed.mjs';
import { runInherited } from './commands/run-inherited.mjs';
import { runVitest } from './commands/run-vitest.mjs';

/*
 * `npm test`: types, lint, unit tests, then tests in a real window. Arguments after `--` go to Vitest. The last line
 * on standard output is always `N passed, N failed`; a failure of any step counts as one failed.
 */

const total = { passed: 0, failed: 0 };

try {
  await runEverything(process.argv.slice(2));
} catch (error) {
  say(error.name === 'StepFailed' ? error.message : error.stack);
  total.failed += 1;
}
if (total.passed === 0 && total.failed === 0) {
  say('no test ran');
  total.failed = 1;
}
process.exitCode = total.failed === 0 ? 0 : 1;
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);

async function runEverything(args) {
  const { environment } = await bootstrapElectron();
  await ensureTestPostgres();
  await check('types', 'tsc', ['--noEmit'], environment);
  await check('lint', 'oxlint', [], environment);
  add(await runVitest(REPOSITORY, 'unit', args, environment));
  if (existsSync(join(REPOSITORY, 'test', 'e2e'))) await runWindowTests(args, environment);
}

async function runWindowTests(args, environment) {
  await buildWhenChanged(REPOSITORY, environment);
  await ensureNotificationService();
  const display = hasDisplay() ? undefined : await startDisplay();
  try {
    add(await runVitest(REPOSITORY, 'e2e', args, { ...environment, ...display?.environment }));
  } finally {
    await display?.stop();
  }
}

async function check(name, program, args, environment) {
  say(name);
  const code = await runInherited(program, args, { cwd: REPOSITORY, env: environment });
  if (code === 0) return;
  say(`${name}: failed`);
  total.failed += 1;
}

function add({ passed, failed }) {
  total.passed += passed;
  total.failed += failed;
}
