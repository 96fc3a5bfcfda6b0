import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const source = join(import.meta.dirname, '../../src');
const files = readdirSync(source, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(tsx?|html)$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name));

/** Files of `src` whose code (not its comments) holds `word`. */
function holding(word: RegExp): string[] {
  return files
    .filter((path) => {
      const code = readFileSync(path, 'utf8')
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .replace(/^\s*\/\/.*$/gm, '');
      return word.test(code);
    })
    .map((path) => relative(source, path).split(sep).join('/'));
}

describe('what gives a page power has one place, or none', () => {
  it('ports, windows, protocol and addresses for the browser are made in one file each', () => {
    expect(holding(/\bMessageChannelMain\b/)).toEqual(['main/electron/serve-window.ts']);
    expect(holding(/\bnew (BrowserWindow|WebContentsView|BrowserView|BaseWindow)\b/)).toEqual([
      'main/electron/create-window.ts',
    ]);
    expect(holding(/\bregisterSchemesAsPrivileged\b/)).toEqual(['main/electron/serve-app-protocol.ts']);
    expect(holding(/\bopenExternal\b/)).toEqual(['main/electron/trusted-window.ts']);
    expect(holding(/\bopenPath\b/)).toEqual(['main/electron/run-console.ts']);
    expect(holding(/\bipcRenderer\b/)).toEqual(['preload/index.ts']);
    expect(holding(/enable-blink-features/)).toEqual(['main/electron/run-console.ts']);
  });

  it('pages can ask main for nothing, are exposed nothing, and no default of safety is touched', () => {
    for (const word of [
      /\bipcMain\b/,
      /\bcontextBridge\b/,
      /\bexposeIn\w+World\b/,
      /\bnodeIntegration\w*/,
      /\bcontextIsolation\b/,
      /\bsandbox: ?false\b/,
      /\bwebSecurity\b/,
      /\bwebviewTag\b/,
      /\ballowRunningInsecureContent\b/,
      /\b(enableBlinkFeatures|experimentalFeatures)\b/,
      /\b(corsEnabled|bypassCSP|allowServiceWorkers)\b/,
      /\bexecuteJavaScript\b/,
      /\bdangerouslySetInnerHTML\b/,
      /\.(innerHTML|outerHTML)\s*=/,
      /\binsertAdjacentHTML\b/,
      /--no-sandbox/,
    ]) {
      expect([String(word), holding(word)]).toEqual([String(word), []]);
    }
  });
});
