import type { WallEvent } from '../shared/contract/wall.ts';
import type { WallMediaView } from '../shared/contract/wall-window.ts';
import type { ConsoleServices } from './services.ts';
import type { Wall } from './wall/create-wall.ts';

/** The pages of the wall, as the program's windows know them. */
export type WallPages = Pick<ConsoleServices['desktop']['wall'], 'beat' | 'isOnStage'>;

type Of = Pick<ConsoleServices, 'desktop' | 'wall'>;

/** Reads the folder of sounds and pictures anew, for the wall too. */
export async function media({ desktop, wall }: Of): Promise<WallMediaView> {
  const found = await desktop.wallMedia.scan();
  wall.mediaChanged();
  return found;
}

/** Opens that folder for a person, and makes it first where it is missing. */
export async function openMediaFolder({ desktop }: Of): Promise<{ opened: boolean }> {
  await desktop.wallMedia.make();
  return { opened: await desktop.openFolder(desktop.wallMedia.folder) };
}

/**
 * The wall's stream for one of its pages. A page behind the one on show celebrates too, so that it can take its place
 * at any moment, but without a sound: the other one is heard.
 */
export async function* changesFor(
  wall: Wall,
  windows: Pick<WallPages, 'isOnStage'>,
  window: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<WallEvent> {
  for await (const event of wall.changes(signal)) {
    if (windows.isOnStage(window)) yield event;
    else if (event.type === 'celebrate')
      yield { ...event, celebration: { ...event.celebration, silent: true } };
    else if (event.type !== 'test-sound') yield event;
  }
}
