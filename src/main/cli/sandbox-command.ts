import { InvalidArgumentError, type Command } from 'commander';
import { startSandbox } from '../sandbox/start-sandbox.ts';
import type { Output } from './output.ts';

/** `sandbox`: only the simulated upstreams, until Ctrl-C. */
export function addSandboxCommand(program: Command, output: Output): void {
  program
    .command('sandbox')
    .description('run only the simulated upstreams and print their addresses')
    .option('--seed <text>', 'another office: the same seed makes the same days')
    .option('--port <number>', 'port of the simulated Adversus (default: a free one)', readPort)
    .action(async (options: { seed?: string; port?: number }) => {
      const sandbox = await startSandbox({
        ...(options.seed === undefined ? {} : { seed: options.seed }),
        ...(options.port === undefined ? {} : { adversus: { port: options.port } }),
      });
      const lines = Object.entries(sandbox.environment).map(([name, value]) => `${name}=${value}`);
      output.answer(
        { success: true, urls: sandbox.urls, environment: sandbox.environment },
        lines.join('\n'),
      );
      await new Promise<void>((resolve) => {
        process.once('SIGINT', () => resolve()).once('SIGTERM', () => resolve());
      });
      await sandbox.close();
    });
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('a port is a number from 0 to 65535.');
}
