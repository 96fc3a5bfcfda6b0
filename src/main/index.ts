import { loadConfig, makeFolders } from './config.ts';
import { refuseStart } from './electron/refuse-start.ts';
import { runConsole } from './electron/run-console.ts';
import { resourcePath } from './resource-folder.ts';

// Not awaited: Electron becomes ready only once this module has run to its end.
void start().catch(refuseStart);

/**
 * Configuration, then log, single instance, window and services in the order of `runConsole`, which also stops them.
 * The services are loaded while the window opens: only what a window needs may be imported above.
 */
async function start(): Promise<void> {
  const config = loadConfig(process.env);
  makeFolders(config);
  await runConsole({
    config,
    loadServices: async () => {
      const { startServices } = await import('./services.ts');
      return (desktop) => startServices({ config, ...desktop });
    },
    pages: resourcePath('out', 'renderer'),
    preload: resourcePath('out', 'preload', 'index.cjs'),
    icon: resourcePath('resources', 'icon.png'),
  });
}
