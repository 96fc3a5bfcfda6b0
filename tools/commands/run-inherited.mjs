import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { say } from '../bootstrap/say.mjs';

/** Runs a command on our own input and output and answers its exit code; signals are passed on. */
export async function runInherited(program, args, options) {
  const child = spawn(program, args, {
    stdio: 'inherit',
    shell: process.platform === 'win32',
    ...options,
  });
  const forward = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, forward);
  try {
    return await new Promise((resolve) => {
      child.once('error', (error) => {
        say(`${program}: ${error.message}`);
        resolve(127);
      });
      child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
    });
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, forward);
  }
}
