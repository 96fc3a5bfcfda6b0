import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrapElectron } from './bootstrap.mjs';
import { bootstrapNode, REPOSITORY } from './bootstrap/bootstrap-node.mjs';
import { runTool } from './bootstrap/say.mjs';
import { runInherited } from './commands/run-inherited.mjs';

/* `npm run bench -- NAME [--json]` runs test/bench/NAME.bench.ts on the product's Node; without a name it lists them. */

const FOLDER = join(REPOSITORY, 'test', 'bench');

await runTool(async (args) => {
  const names = benchNames();
  const [name, ...rest] = args;
  if (name === undefined || name.startsWith('-')) {
    process.stdout.write(names.length === 0 ? 'no benchmarks\n' : `${names.join('\n')}\n`);
    return 0;
  }
  if (!names.includes(name)) {
    process.stderr.write(`opsdeck: no benchmark "${name}"; there are: ${names.join(', ')}\n`);
    return 2;
  }
  const file = join(FOLDER, `${name}.bench.ts`);
  const { node, environment } = await (hasWindow(file) ? bootstrapElectron() : bootstrapNode());
  const flags = ['--disable-warning=ExperimentalWarning', '--expose-gc'];
  return runInherited(node, [...flags, file, ...rest], { cwd: REPOSITORY, env: environment, shell: false });
});

function hasWindow(file) {
  return /(launch-console|electron)/.test(readFileSync(file, 'utf8'));
}

function benchNames() {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER).flatMap((name) => /^(.+)\.bench\.ts$/.exec(name)?.[1] ?? []);
}
