import { join } from 'node:path';
import { defineConfig } from 'electron-vite';
import real from '../../../electron.vite.config.ts';

// The config is bundled before it runs, so the real one's own paths would start here: all of them are given anew.
const here = import.meta.dirname;
const root = join(here, '../../..');
const out = join(root, 'out/fake-console');

/** The real program's build with another main entry (services that only record) and pages of the test's own. */
export default defineConfig({
  main: {
    build: {
      ...real.main?.build,
      // All in one file, so that the build also runs where this clone's packages cannot be read.
      externalizeDeps: false,
      outDir: join(out, 'main'),
      rolldownOptions: { input: { index: join(here, 'main.ts') }, output: { entryFileNames: '[name].js' } },
    },
  },
  preload: {
    build: {
      ...real.preload?.build,
      outDir: join(out, 'preload'),
      rolldownOptions: {
        input: { index: join(root, 'src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: join(here, 'renderer'),
    build: {
      outDir: join(out, 'renderer'),
      target: 'chrome130',
      rolldownOptions: {
        input: {
          console: join(here, 'renderer/console.html'),
          clean: join(here, 'renderer/clean.html'),
          wall: join(here, 'renderer/wall.html'),
        },
      },
    },
  },
});
