import { fileURLToPath } from 'node:url';
import { ensureDependencies } from './dependencies.mjs';
import { ensureNode, toolEnvironment } from './node.mjs';

/** The folder of this clone, without a slash at the end. */
export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** Node and packages: what the command line and the checks need. Answers the Node to use and its environment. */
export async function bootstrapNode() {
  const node = await ensureNode();
  await ensureDependencies(REPOSITORY, node);
  return { node, environment: toolEnvironment(node, REPOSITORY) };
}
