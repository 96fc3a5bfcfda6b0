import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Mirror, MirrorChange } from './mirror.ts';

/** What is read into the mirror: a part of it, read as a whole or since it was last read. */
export interface MirrorPart {
  /** What has to be written to bring it up to date; null: nothing changed. `anew`: nothing of before is known. */
  read(anew: boolean): Promise<MirrorChange | null>;
  /** Changes that come closer together than this are read once, in ms. */
  gatherMs: number;
}

/** What the mirror holds is said to be true at least this often while it is, in ms. */
const confirmMs = 30_000;

export interface MirrorKeeper {
  /** Something changed that these parts show. */
  touch(parts: Iterable<string>): void;
  /** Everything has to be read anew. */
  touchAll(): void;
  close(): Promise<void>;
}

/** Keeps the mirror in step while the database is there. A part that could not be read is read again later. */
export function keepMirror(options: {
  mirror: Mirror;
  parts: Readonly<Record<string, MirrorPart>>;
  clock: Clock;
  log: Log;
  /** False while the database is away: nothing is read then, and nothing confirmed. */
  isThere(): boolean;
}): MirrorKeeper {
  const { mirror, parts, clock, log } = options;
  const closing = new AbortController();
  const dirty = new Set(Object.keys(parts));
  const anew = new Set(dirty);
  const timers = new Map<string, Promise<void>>();
  /** When all that was known to change had been written. */
  const confirm = () => {
    if (dirty.size === 0 && options.isThere()) mirror.confirm(clock.now());
  };

  async function refresh(name: string): Promise<void> {
    const part = parts[name]!;
    await clock.sleep(anew.has(name) ? 0 : part.gatherMs, closing.signal).catch(() => {});
    while (!closing.signal.aborted && dirty.has(name)) {
      dirty.delete(name);
      try {
        const change = await part.read(anew.has(name));
        if (change && !(await mirror.write(change))) throw new Error('it could not be written');
        anew.delete(name);
      } catch (error) {
        // Read again with the next change, or when the database is back.
        log.debug('A part of the local copy could not be brought up to date', { name, error: String(error) });
        dirty.add(name);
        anew.add(name);
        break;
      }
    }
    timers.delete(name);
    confirm();
  }

  function start(name: string): void {
    if (closing.signal.aborted || timers.has(name) || !options.isThere()) return;
    timers.set(name, refresh(name));
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      for (const name of dirty) start(name);
      confirm();
      await clock.sleep(confirmMs, closing.signal).catch(() => {});
    }
  }
  const running = run();

  return {
    touch(names) {
      for (const name of names) {
        dirty.add(name);
        start(name);
      }
    },
    touchAll() {
      for (const name of Object.keys(parts)) {
        dirty.add(name);
        anew.add(name);
        start(name);
      }
    },
    async close() {
      confirm();
      closing.abort();
      await Promise.all([running, ...timers.values()]);
    },
  };
}
