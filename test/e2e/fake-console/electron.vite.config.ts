import { join } from 'node:path';
import { mergeConfig } from 'vite';
import { defineConfig } from 'electron-vite';
import real from '../../../electron.vite.config.ts';

const here = import.meta.dirname;
const out = join(here, '../../../out/fake-console');

/** The real program's build with another main entry (services that only record) and a page of the test's own. */
export default defineConfig({
  main: {
    ...real.main,
    build: {
      ...real.main?.build,
      outDir: join(out, 'main'),
      rolldownOptions: { input: { index: join(here, 'main.ts') }, output: { entryFileNames: '[name].js' } },
    },
  },
  preload: mergeConfig(real.preload ?? {}, { build: { outDir: join(out, 'preload') } }),
  renderer: {
    root: join(here, 'renderer'),
    build: {
      outDir: join(out, 'renderer'),
      target: 'chrome130',
      rolldownOptions: {
        input: {
          console: join(here, 'renderer/console.html'),
          clean: join(here, 'renderer/clean.html'),
        },
      },
    },
  },
});
