import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { WallMediaView } from '../../shared/contract/wall-window.ts';
import type { Log } from '../log.ts';
import { agentOfFile, headBytes, mediaKindOf, mostBytes, type MediaKind } from './media-kind.ts';
import { appOrigin } from './window-policy.ts';

/** Files looked at in the folder at most. */
const mostFiles = 500;
const place = 'wall-media';

/** Sounds and pictures of agents, from a folder of the data folder: `4711.mp3` and `4711.png` are agent 4711's. */
export interface WallMedia {
  readonly folder: string;
  /** Looks at the folder anew. What cannot be used is listed with why; it never rejects. */
  scan(): Promise<WallMediaView>;
  /** Addresses of our own protocol by agent, as of the last look. */
  byAgent(): Record<string, { sound: string | null; picture: string | null }>;
  /** The content for an address that the last look listed; null for every other, and for what changed its kind. */
  read(path: string): Promise<{ type: string; body: Uint8Array<ArrayBuffer> } | null>;
  /** Makes the folder where it is missing. */
  make(): Promise<void>;
}

interface Listed extends MediaKind {
  name: string;
  userId: string;
  /** Changes with the file, so that a page does not show the old one. */
  version: number;
}

export function openWallMedia(dataFolder: string, log: Log): WallMedia {
  const folder = join(dataFolder, place);
  let listed = new Map<string, Listed>();

  async function scan(): Promise<WallMediaView> {
    const names = await readdir(folder).catch(() => [] as string[]);
    const found = new Map<string, Listed>();
    const refused: WallMediaView['refused'] = [];
    for (const [index, name] of names.sort().entries()) {
      const one = index < mostFiles ? await look(folder, name) : ('many' as const);
      if (typeof one === 'string') refused.push({ name: name.slice(0, 100), reason: one });
      else found.set(`${place}/${name}`, one);
    }
    listed = found;
    if (refused.length > 0) log.warn('Some sounds or pictures of the wall are not used', { refused });
    const used = [...found.values()].map(({ name, userId, kind }) => ({ name, user_id: userId, kind }));
    return { folder, used, refused: refused.slice(0, 100) };
  }

  return {
    folder,
    scan,
    byAgent() {
      const agents: ReturnType<WallMedia['byAgent']> = {};
      for (const [path, { userId, kind, version }] of listed) {
        const agent = (agents[userId] ??= { sound: null, picture: null });
        agent[kind] = `${appOrigin}/${path}?${version}`;
      }
      return agents;
    },
    async read(path) {
      const known = listed.get(path);
      if (known === undefined) return null;
      const now = await readWhole(join(folder, known.name), mostBytes[known.kind]).catch(() => null);
      // The file may be another by now: what is sent is what was looked at.
      const kind = now && mediaKindOf(now.subarray(0, headBytes));
      return now && kind?.type === known.type ? { type: known.type, body: now } : null;
    },
    make: async () => void (await mkdir(folder, { recursive: true, mode: 0o700 })),
  };
}

async function look(
  folder: string,
  name: string,
): Promise<Listed | WallMediaView['refused'][number]['reason']> {
  const userId = agentOfFile(name);
  if (userId === null) return 'name';
  try {
    const file = await openPlain(join(folder, name));
    try {
      const { size, mtimeMs } = await file.stat();
      const head = new Uint8Array(headBytes);
      await file.read(head, 0, headBytes, 0);
      const kind = mediaKindOf(head);
      if (kind === null) return 'kind';
      return size > mostBytes[kind.kind] ? 'size' : { ...kind, name, userId, version: Math.round(mtimeMs) };
    } finally {
      await file.close();
    }
  } catch {
    return 'unreadable';
  }
}

async function readWhole(path: string, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const file = await openPlain(path);
  try {
    const { size } = await file.stat();
    if (size > most) throw new Error('too long');
    return new Uint8Array(await file.readFile());
  } finally {
    await file.close();
  }
}

/** Opens a plain file: never through a link, which could lead anywhere, and never a pipe, which could hang. */
async function openPlain(path: string) {
  // Where the system cannot refuse a link while opening (Windows), it is looked at before.
  if (!(await lstat(path)).isFile()) throw new Error('not a plain file');
  const file = await open(
    path,
    constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
  );
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new Error('not a plain file');
}
