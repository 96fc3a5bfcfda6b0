import type { WallState } from '../../shared/contract/wall.ts';

/** Why the board may not be the whole truth; the most serious alone is shown. Null: nothing is known against it. */
export type Doubt =
  | { readonly kind: 'connection'; readonly tone: 'bad' }
  | { readonly kind: 'database'; readonly tone: 'bad'; readonly since: string }
  | { readonly kind: 'reading-on'; readonly tone: 'warn'; readonly since: string }
  | { readonly kind: 'refused' | 'not-configured'; readonly tone: 'bad' }
  | { readonly kind: 'failing' | 'unled' | 'late' | 'never-read'; readonly tone: 'warn' };

/** What is known when the board is judged. `now` in epoch ms, on main's clock. */
export interface Evidence {
  /** False while the port is gone, or main does not answer on it. */
  readonly answered: boolean;
  readonly state: WallState | null;
  readonly now: number;
}

/** Decides what the wall says under the board. Data are late once three passes were missed. */
export function judgeState({ answered, state, now }: Evidence): Doubt | null {
  if (!answered) return { kind: 'connection', tone: 'bad' };
  if (state === null) return null;
  if (state.database_away_since !== null)
    return state.reading_on
      ? { kind: 'reading-on', tone: 'warn', since: state.database_away_since }
      : { kind: 'database', tone: 'bad', since: state.database_away_since };
  if (state.upstream === 'refused' || state.upstream === 'not-configured')
    return { kind: state.upstream, tone: 'bad' };
  if (state.upstream === 'failing') return { kind: 'failing', tone: 'warn' };
  if (!state.led) return { kind: 'unled', tone: 'warn' };
  if (state.read_at === null) return { kind: 'never-read', tone: 'warn' };
  const late = now - Date.parse(state.read_at) > 3 * state.delta_seconds * 1000;
  return late ? { kind: 'late', tone: 'warn' } : null;
}
