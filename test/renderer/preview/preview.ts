import '../../../src/renderer/console.tsx';
import { RPCHandler } from '@orpc/server/message-port';
import { consoleDefaults } from '../../../src/shared/contract/system.ts';
import { createFakeRouter } from './fake-router.ts';
import { isScenario } from './scenarios.ts';

/** Serves a scenario over a real message port and passes it on the way the preload does. */
const query = new URLSearchParams(location.search);
const name = query.get('scenario') ?? 'ordinary';
const scenario = isScenario(name) ? name : 'ordinary';
const language = query.get('lang') === 'en' ? 'en' : 'sv';
const theme = query.get('theme') === 'dark' ? 'dark' : 'light';

const { port1, port2 } = new MessageChannel();
new RPCHandler(createFakeRouter(scenario, { ...consoleDefaults, language, theme })).upgrade(port1);
port1.start();
window.postMessage('port', '*', [port2]);
