import { bootstrapNode, REPOSITORY } from './bootstrap/bootstrap-node.mjs';
import { runInherited } from './commands/run-inherited.mjs';
import { runTool } from './bootstrap/say.mjs';

/* `node tools/with-node.mjs COMMAND ARGS…`: a command of the installed packages on the product's Node. */

await runTool(async ([command, ...args]) => {
  if (command === undefined) {
    process.stderr.write('usage: node tools/with-node.mjs COMMAND [ARGUMENTS]\n');
    return 2;
  }
  const { environment } = await bootstrapNode();
  return runInherited(command, args, { cwd: REPOSITORY, env: environment });
});
