import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Builds the preview: the console's own page and the wall's on a fake main, in an ordinary browser. */
export default defineConfig({
  root: here('.'),
  base: './',
  plugins: [react()],
  build: {
    outDir: here('../../../.tmp/preview'),
    emptyOutDir: true,
    rolldownOptions: { input: { index: here('index.html'), wall: here('wall.html') } },
  },
});
