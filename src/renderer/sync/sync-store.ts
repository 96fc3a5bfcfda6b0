import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PassProgress, SyncRun, SyncSource, SyncState } from '../../shared/contract/sync.ts';

/** What this console knows of passes under way, and of those a person started here. */
export interface PassesUnderWay {
  readonly progress: Readonly<Partial<Record<SyncSource, PassProgress>>>;
  /** Sources asked for here whose result has not been told yet, with the newest run known when asked. */
  readonly asked: Readonly<Partial<Record<SyncSource, number>>>;
}

export type PassesStore = StoreApi<PassesUnderWay>;

/** An empty store of passes under way. */
export function createPassesStore(): PassesStore {
  return createStore<PassesUnderWay>(() => ({ progress: {}, asked: {} }));
}

/** Takes one progress event; a pass that ended is no longer under way. */
export function takeProgress(state: PassesUnderWay, event: PassProgress): PassesUnderWay {
  const { [event.source]: _former, ...others } = state.progress;
  return { ...state, progress: event.stage === 'ended' ? others : { ...others, [event.source]: event } };
}

/** Takes what `sync.state` says is running: the word of main, also for passes that ended unheard. */
export function takeState(state: PassesUnderWay, sync: SyncState): PassesUnderWay {
  const progress: Partial<Record<SyncSource, PassProgress>> = {};
  for (const source of sync.sources) {
    if (source.running !== null && source.running.stage !== 'ended') progress[source.source] = source.running;
  }
  return { ...state, progress };
}

/** Notes that a person asked for a source here; its result is told once. */
export function noteAsked(state: PassesUnderWay, source: SyncSource, newestRun: number): PassesUnderWay {
  return { ...state, asked: { ...state.asked, [source]: newestRun } };
}

/** Forgets a question that will have no answer of its own. */
export function forgetAsked(state: PassesUnderWay, source: SyncSource): PassesUnderWay {
  const { [source]: _gone, ...asked } = state.asked;
  return { ...state, asked };
}

/** The ended runs that answer what was asked here, and the state without those questions. */
export function takeAnswers(
  state: PassesUnderWay,
  runs: readonly SyncRun[],
): { state: PassesUnderWay; answers: SyncRun[] } {
  const asked = { ...state.asked };
  const answers: SyncRun[] = [];
  for (const run of runs) {
    if (run.source === 'packages') continue;
    const since = asked[run.source];
    if (since === undefined || run.id <= since || run.trigger !== 'person' || run.state === 'running')
      continue;
    answers.push(run);
    delete asked[run.source];
  }
  return { state: { ...state, asked }, answers };
}

/** How fresh the deals are: late once three delta intervals have gone by without a complete pass. */
export function isLate(lastComplete: string | null, now: number, deltaSeconds: number): boolean {
  return lastComplete !== null && now - Date.parse(lastComplete) > 3 * deltaSeconds * 1000;
}

/** How the coming hour looks against the vendor's budget. */
export function judgeForecast(forecast: number, perHour: number): 'easy' | 'tight' | 'over' {
  if (forecast > perHour) return 'over';
  return forecast > perHour * 0.9 ? 'tight' : 'easy';
}
