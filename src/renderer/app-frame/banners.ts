import type { SyncState } from '../../shared/contract/sync.ts';
import type { SystemStatus } from '../../shared/contract/system.ts';

/** What is away or needs a person before work goes on; at most one of each, the most serious first. */
export type Banner =
  | { readonly kind: 'connection'; readonly tone: 'bad' }
  | {
      readonly kind: 'database';
      readonly tone: 'bad';
      readonly since: string;
      /** When what is shown was last known to be true. */
      readonly asOf: string;
      /** True while deals are read on by this console. */
      readonly readsOn: boolean;
      /** Readings that wait to be saved. */
      readonly unsaved: number;
      readonly detail: string | null;
    }
  | {
      readonly kind: 'refused' | 'failing';
      readonly tone: 'bad' | 'warn';
      readonly since: string | null;
      readonly detail: string | null;
    }
  | {
      readonly kind: 'blocked';
      readonly tone: 'warn';
      readonly since: string | null;
      readonly until: string | null;
    }
  | { readonly kind: 'not-configured'; readonly tone: 'warn' }
  /** A person stopped all that runs by itself. */
  | { readonly kind: 'stopped'; readonly tone: 'warn'; readonly since: string; readonly by: string }
  /** A restore undid so many decisions of this console. */
  | { readonly kind: 'restored'; readonly tone: 'warn'; readonly count: number };

function upstreamBanner(sync: SyncState): Banner | null {
  const { state, since, message } = sync.upstream;
  switch (state) {
    case 'refused':
      return { kind: 'refused', tone: 'bad', since, detail: message };
    case 'failing':
      return { kind: 'failing', tone: 'warn', since, detail: message };
    case 'blocked':
      return { kind: 'blocked', tone: 'warn', since, until: sync.budget?.blocked_until ?? null };
    case 'not-configured':
      return { kind: 'not-configured', tone: 'warn' };
    case 'ok':
    case 'unknown':
      return null;
  }
}

/** Decides which banners to show; none when nothing is away. */
export function decideBanners(
  connected: boolean,
  status: SystemStatus | null,
  sync: SyncState | null,
  undone = 0,
  stopped: { readonly at: string; readonly by: string } | null = null,
): readonly Banner[] {
  if (!connected) return [{ kind: 'connection', tone: 'bad' }];
  const banners: Banner[] = [];
  const away = status?.database.away_since ?? null;
  if (status !== null && away !== null) {
    const asOf = status.showing.from === 'mirror' ? status.showing.as_of : null;
    const { message: detail } = status.database;
    banners.push({
      kind: 'database',
      tone: 'bad',
      since: away,
      asOf: asOf ?? away,
      readsOn: sync?.reading_on ?? false,
      unsaved: sync?.retry_queue_length ?? 0,
      detail,
    });
  }
  if (undone > 0) banners.push({ kind: 'restored', tone: 'warn', count: undone });
  if (stopped !== null) banners.push({ kind: 'stopped', tone: 'warn', since: stopped.at, by: stopped.by });
  const upstream = sync === null ? null : upstreamBanner(sync);
  return upstream === null ? banners : [...banners, upstream];
}
