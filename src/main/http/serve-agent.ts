import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { answerFromMirror } from '../answer-from-mirror.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { fillMirror } from '../fill-mirror.ts';
import { knowDatabase, type KnownDatabase } from '../know-database.ts';
import type { Log } from '../log.ts';
import { openMirror } from '../mirror/mirror.ts';
import type { MirrorKeeper } from '../mirror/keep-mirror.ts';
import type { Operations } from '../operations.ts';
import { createOutbox } from '../outbox/outbox.ts';
import { startSender } from '../outbox/send-outbox.ts';
import { sendTo } from '../services.ts';
import type { SharedDurableFile } from '../storage/durable-file.ts';
import { placeOf } from '../database-place.ts';
import type { HttpServices } from './http-services.ts';
import { startHttp, type RunningHttp } from './start-http.ts';

/** Calls in 15 minutes for each stored token and group of paths, where no console's setting says otherwise. */
const usualCalls = 100;

/**
 * The HTTP API of an agent host: by the environment alone, answered from its running operations, with a local copy and
 * an outbox of its own for when the database is away. Null where the environment does not switch it on.
 */
export async function serveAgent(
  config: Config,
  operations: Operations,
  parts: { clock: Clock; log: Log; durable: SharedDurableFile; tell(sentence: string): void },
): Promise<RunningHttp | null> {
  if (config.http === null) return null;
  const { clock, log, durable, tell } = parts;
  let keeper: MirrorKeeper | null = null;
  let known: KnownDatabase | null = null;
  const outbox = createOutbox(durable, clock);
  const sender = startSender({
    outbox,
    clock,
    log: log.child('outbox'),
    random: () => randomInt(1_000_000) / 1_000_000,
    target() {
      const identity = known?.identity() ?? null;
      return identity !== null && operations.awaySince() === null ? sendTo(operations, identity) : null;
    },
    tell,
  });
  operations.subscribe((event) => event.type === 'status' && sender.wake());
  // A file beside the console's, which may run in the same folder: each keeps its own copy in step.
  const mirror = openMirror(join(config.dataFolder, 'agent-mirror.sqlite'), {
    place: placeOf(config),
    clock,
    log: log.child('mirror'),
    onLost: () => keeper?.touchAll(),
  });
  const kept = answerFromMirror(mirror, clock);
  kept.useToday(() => operations.today);
  known = knowDatabase(operations, {
    ...{ mirror, outbox, log: log.child('outbox'), tell },
    onKnown(isAnother) {
      keeper ??= fillMirror(mirror, operations, { clock, log: log.child('mirror') });
      if (isAnother) keeper.touchAll();
      sender.wake();
    },
  });
  const identity = () => known?.identity() ?? mirror.identity();
  const services: HttpServices = {
    clock,
    log: log.child('http'),
    running: () => operations,
    operations: () => Promise.resolve(operations),
    onStarted: () => () => {},
    outbox,
    mirror,
    kept,
    identity,
    waitingHere() {
      const id = identity();
      return id === null ? new Set() : outbox.waitingCases(id);
    },
    holder: operations.workspace.holder,
    sendKept() {
      known?.kept();
      sender.wake();
    },
  };
  const closeParts = async () => {
    await sender.close();
    await known?.close();
    await keeper?.close();
    await mirror.close();
  };
  try {
    const http = await startHttp(services, {
      port: config.http.port,
      environmentToken: config.http.token,
      callLimit: () => usualCalls,
    });
    return { port: http.port, close: () => http.close().then(closeParts) };
  } catch (error) {
    await closeParts();
    throw error;
  }
}
