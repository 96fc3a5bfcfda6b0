import type { Api } from '../api.ts';
import type { WallSource } from '../wall/wall-store.ts';

/** What a wall is told, as a console asks for it. */
export function sourceOfConsole({ client }: Api): WallSource {
  return {
    board: async () => (await client()).wallPreview.board(),
    state: async () => (await client()).wallPreview.state(),
    settings: async () => (await client()).wallPreview.settings(),
    period: async (period) => (await client()).wallPreview.period({ period }),
    waiting: async () => (await client()).wallPreview.waiting(),
  };
}
