import type { BoardView, FairFacts } from '../../shared/contract/boards.ts';
import { createResource, type ResourceStore } from '../resource.ts';

/** A board with the period it was asked for: what is shown may still be the one before. */
export interface ShownBoard {
  readonly asked: string;
  readonly board: BoardView;
  /** What its rows are marked by. */
  readonly fair: FairFacts;
}

export interface LeaderboardStore extends ResourceStore<ShownBoard> {
  /** The period asked for last. */
  period(): string;
  /** Asks for another period; what is shown stays until it has come. */
  show(period: string): void;
  /** Keeps it fresh while somebody looks; answers how to stop. */
  watch(): () => void;
}

/** The board of one period. Read only while it is looked at: it costs the database a question after every change. */
export function createLeaderboardStore(
  load: (period: string) => Promise<Pick<ShownBoard, 'board' | 'fair'>>,
  monotonic: () => number,
): LeaderboardStore {
  let asked = 'week';
  let watching = 0;
  const resource = createResource<ShownBoard>(async () => {
    const period = asked;
    return { asked: period, ...(await load(period)) };
  }, monotonic);
  const reload = (): Promise<void> => (watching === 0 ? Promise.resolve() : resource.reload());
  return {
    ...resource,
    reload,
    period: () => asked,
    show(period) {
      asked = period;
      resource.setState({ failure: null, loading: true });
      void reload();
    },
    watch() {
      watching += 1;
      void reload();
      return () => {
        watching -= 1;
        // What nobody looks at is not tried again.
        if (watching === 0) resource.setState({ failure: null });
      };
    },
  };
}
