import { bootstrapNode, REPOSITORY } from './bootstrap/bootstrap-node.mjs';
import { compiledBefore } from './bootstrap/cache.mjs';
import { runTool, say } from './bootstrap/say.mjs';
import { runInherited } from './commands/run-inherited.mjs';

/* `npm run check`: what to run before every commit. All steps run, so that one look shows everything. */

const STEPS = [
  ['types', 'tsc', ['--noEmit']],
  ['lint', 'oxlint', []],
  ['format', 'prettier', ['--check', '--log-level', 'warn', '.']],
  ['unit tests', 'vitest', ['run', '--project', 'unit']],
];

await runTool(async () => {
  const { environment } = await bootstrapNode();
  const failed = [];
  for (const [name, program, args] of STEPS) {
    say(name);
    const env = { ...environment, ...compiledBefore() };
    const code = await runInherited(program, args, { cwd: REPOSITORY, env });
    if (code !== 0) failed.push(name);
  }
  say(failed.length === 0 ? 'all checks passed' : `failed: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
});
