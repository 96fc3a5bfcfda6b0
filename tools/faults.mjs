import { join } from 'node:path';
import { bootstrapNode, REPOSITORY } from './bootstrap/bootstrap-node.mjs';
import { compiledBefore } from './bootstrap/cache.mjs';
import { runTool } from './bootstrap/say.mjs';
import { runInherited } from './commands/run-inherited.mjs';

/* `npm run faults -- [--rounds N] [--seed S] [--only NAME] [--mutants] [--json]`: see docs/reliability.md. */

await runTool(async (args) => {
  const { node, environment } = await bootstrapNode();
  const file = join(REPOSITORY, 'test', 'faults', 'run-faults.ts');
  const command = ['--disable-warning=ExperimentalWarning', file, ...args];
  const env = { ...environment, ...compiledBefore() };
  return runInherited(node, command, { cwd: REPOSITORY, env, shell: false });
});
