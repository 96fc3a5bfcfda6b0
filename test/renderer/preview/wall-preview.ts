import '../../../src/renderer/wall.tsx';
import { RPCHandler } from '@orpc/server/message-port';
import { createFakeWallRouter, isWallScenario } from './fake-wall.ts';

/** Serves a scenario of the wall over a real message port. */
const query = new URLSearchParams(location.search);
const name = query.get('scenario') ?? 'ordinary';
const language = query.get('lang') === 'en' ? 'en' : 'sv';

const { port1, port2 } = new MessageChannel();
const scenario = isWallScenario(name) ? name : 'ordinary';
new RPCHandler(createFakeWallRouter(scenario, language)).upgrade(port1);
port1.start();
window.postMessage('port', '*', [port2]);
