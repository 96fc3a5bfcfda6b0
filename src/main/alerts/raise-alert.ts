import type { AlertOutcome } from '../../shared/contract/alerts.ts';
import type { ConsoleSettings } from '../../shared/contract/system.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { OperationsEvent } from '../operations.ts';
import { isWithin, timeOf } from '../../shared/time-of-day.ts';
import type { Database } from '../storage/postgres.ts';
import { currentSeq } from '../system/change-log.ts';
import type { KeptHealthEvent } from '../system/health-events.ts';
import { healthEventsByIds, healthEventsSince, newestHealthEvent } from '../system/health-events.ts';
import { alertOf, type AlertEvent, type Language, type Notice } from './alert-event.ts';
import type { AlertLedger, AlertPlace, RecordedAlert } from './alert-ledger-store.ts';
import {
  decideAlerts,
  decideMissed,
  noAlerts,
  takeBack,
  type AlertState,
  type Decision,
} from './decide-alerts.ts';
import { caseOpened, queueEmptied } from './duplicate-waiting.ts';
import { wordNotice, wordSummary } from './word-notice.ts';

/** Events that come together are told together: the first waits so long for others, in ms. */
const gatherMs = 120;
/** Of what was missed, so many of the newest are looked at. */
const mostMissed = 1_000;
/** After a failure to read, in ms. */
const againMs = 2_000;
const keptMs = 90 * 86_400_000;

/** A notification that was shown, or why not. */
export type Shown = { shown: true } | { shown: false; why: string };

/** The running database as alerts follow it. */
export interface AlertSource {
  databaseId: string;
  database: Database;
  timeZone(): string;
  subscribe(listener: (event: OperationsEvent) => void): () => void;
  /** Numbers of the cases that wait. */
  openCases(): Promise<number[]>;
}

export interface AlertsParts {
  clock: Clock;
  log: Log;
  settings: { get(): ConsoleSettings };
  language(): Language;
  /** Throws where the durable file cannot be opened. */
  ledger(): AlertLedger;
  /** Shows a notification; settles within a second or so. */
  show(notice: Notice): Promise<Shown>;
}

/**
 * Everything that notifies on this console. Each event that may notify gets one result, stored: shown, or withheld and
 * why. Nothing here throws or is waited for.
 */
export interface Alerts {
  /** An event that this console raised itself; told though the database be away. */
  raised(event: KeptHealthEvent): void;
  /** Follows the events of running operations, and looks once at what came while none ran. */
  follow(source: AlertSource): void;
  /** What became of events here. */
  outcomes(keys: readonly string[]): Map<string, AlertOutcome>;
  /** True while an incident was heard of here and not of its end. */
  isOpen(incident: string): boolean;
  /** Shows a notification now, whatever is set. */
  test(): Promise<Shown>;
  /** Told when results were stored. */
  onMoved(listener: () => void): () => void;
  close(): Promise<void>;
}

export function createAlerts(parts: AlertsParts): Alerts {
  const { clock, log } = parts;
  const listeners = new Set<() => void>();
  const closing = new AbortController();
  /** Results by key: of this run, and the only ones where the durable file cannot be written. */
  const recent = new Map<string, AlertOutcome>();
  let state: AlertState = noAlerts(readIncidents());
  let source: AlertSource | null = null;
  let unfollow: () => void = () => {};
  /** `start`: what came while no console ran. `gap`: what could not be told one by one. */
  let missed: 'start' | 'gap' | null = null;
  let place: AlertPlace | null = null;
  let reached: AlertPlace | null = null;
  let inbox: AlertEvent[] = [];
  let ids: number[] = [];
  let wake: () => void = () => {};
  let woken = false;

  function stir(): void {
    woken = true;
    wake();
  }

  function readIncidents() {
    try {
      const ledger = parts.ledger();
      ledger.prune(new Date(clock.wall() - keptMs));
      return ledger.incidents();
    } catch (error) {
      log.error('What was notified before cannot be read', { error });
      return new Map<string, never>();
    }
  }

  function take(from: AlertSource, event: OperationsEvent): void {
    if (event.type === 'reload') {
      missed ??= 'gap';
      return stir();
    }
    if (event.type !== 'change') return;
    const { change } = event;
    const at = new Date(change.at);
    if (reached) reached = { ...reached, seq: change.seq };
    if (change.kind === 'health') ids.push(change.data.id);
    else if (change.kind === 'duplicates') {
      const { opened, open } = change.data;
      inbox.push(...opened.map((id) => caseOpened(from.databaseId, id, at)));
      if (open === 0) inbox.push(queueEmptied(from.databaseId, change.seq, at));
    } else return;
    stir();
  }

  function rules() {
    const { alertsOff, alertsPaused, alertsQuiet } = parts.settings.get();
    const time = timeOf(clock.now().getTime(), source?.timeZone() ?? 'UTC');
    return {
      off: new Set(alertsOff),
      paused: alertsPaused,
      quiet: alertsQuiet !== null && isWithin(time, alertsQuiet),
      now: clock.wall(),
    };
  }

  function outcomes(keys: readonly string[]): Map<string, AlertOutcome> {
    const known = new Map(keys.flatMap((key) => (recent.has(key) ? [[key, recent.get(key)!]] : [])));
    try {
      const stored = parts.ledger().outcomes(keys.filter((key) => !known.has(key)));
      return new Map([...known, ...stored]);
    } catch {
      return known;
    }
  }

  /** Without what was decided before, or waits to be told. */
  function fresh(events: readonly AlertEvent[]): AlertEvent[] {
    const known = outcomes(events.map(({ key }) => key));
    const seen = new Set(state.waiting.map(({ key }) => key));
    return events.filter(({ key }) => !known.has(key) && !seen.has(key) && seen.add(key));
  }

  /** Shows what is to be told and stores what became of everything. */
  async function carryOut(decision: Decision, words: typeof wordNotice): Promise<void> {
    ({ state } = decision);
    let refused: string | null = null;
    if (decision.tell.length > 0) {
      const shown = await parts
        .show(words(parts.language(), decision.tell))
        .catch((error: unknown) => ({ shown: false as const, why: String(error) }));
      if (!shown.shown) refused = shown.why;
      if (refused !== null) state = takeBack(state, decision.tell);
    }
    const told = new Set(decision.tell);
    const results = decision.decided.map(({ event, result, why }): RecordedAlert => {
      if (refused === null || !told.has(event)) return { event, result, why };
      return { event, result: 'failed', why: refused };
    });
    for (const { event, result, why } of results) recent.set(event.key, { result, why });
    for (const key of [...recent.keys()].slice(0, Math.max(0, recent.size - 5_000))) recent.delete(key);
    try {
      parts.ledger().record(results, state.incidents, new Date(clock.wall()));
      keepPlace();
    } catch (error) {
      log.error('What became of notifications could not be stored', { error });
    }
    if (results.length > 0) for (const listener of listeners) listener();
  }

  /** How far all is decided: not beyond what waits, and not while something could not be read. */
  function keepPlace(): void {
    if (!source || !reached || state.waiting.length > 0 || missed !== null || ids.length > 0) return;
    if (reached === place) return;
    place = reached;
    parts.ledger().keepPlace(source.databaseId, place);
  }

  /** What came since this console last looked; nothing at the first look at a database. */
  async function lookBack(from: AlertSource, why: 'start' | 'gap'): Promise<void> {
    const since = place ?? parts.ledger().place(from.databaseId);
    const [seq, eventId, cases] = await Promise.all([
      currentSeq(from.database),
      newestHealthEvent(from.database),
      from.openCases(),
    ]);
    const newest = { seq, eventId, duplicateId: Math.max(since?.duplicateId ?? 0, 0, ...cases) };
    if (since !== null) {
      const rows = await healthEventsSince(from.database, { seq: since.seq, id: since.eventId }, mostMissed);
      const opened = cases.filter((id) => id > since.duplicateId);
      const events = fresh([
        ...rows.flatMap((row) => alertOf({ ...row, at: row.createdAt }, false) ?? []),
        ...opened.map((id) => caseOpened(from.databaseId, id, clock.now())),
      ]);
      const decide = why === 'start' ? decideMissed : decideAlerts;
      missed = null;
      reached = newest;
      await carryOut(decide(state, events, rules()), why === 'start' ? wordSummary : wordNotice);
    } else {
      missed = null;
      reached = newest;
      keepPlace();
    }
  }

  async function readTold(from: AlertSource): Promise<AlertEvent[]> {
    const wanted = ids;
    ids = [];
    if (wanted.length === 0) return [];
    try {
      const rows = await healthEventsByIds(from.database, wanted);
      if (reached) reached = { ...reached, eventId: Math.max(reached.eventId, ...wanted) };
      return rows.flatMap((row) => alertOf({ ...row, at: row.createdAt }, false) ?? []);
    } catch (error) {
      ids = [...wanted, ...ids];
      throw error;
    }
  }

  /** One round: what was missed, what came, and what waits. Answers when to look again by itself. */
  async function round(): Promise<number | null> {
    // What this console raised itself is told though nothing can be read.
    const own = inbox;
    inbox = [];
    for (const { metadata } of own) noteCase(Number(metadata['id']));
    let decision = decideAlerts(state, fresh(own), rules());
    await carryOut(decision, wordNotice);
    const from = source;
    if (!from) return decision.againAt;
    if (missed !== null) await lookBack(from, missed);
    decision = decideAlerts(state, fresh(await readTold(from)), rules());
    await carryOut(decision, wordNotice);
    return decision.againAt;
  }

  function noteCase(id: number): void {
    if (reached && id > reached.duplicateId) reached = { ...reached, duplicateId: id };
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      if (!woken) await new Promise<void>((resolve) => (wake = resolve));
      if (closing.signal.aborted) return;
      await clock.sleep(gatherMs, closing.signal).catch(() => {});
      woken = false;
      const againAt = await round().catch((error: unknown) => {
        log.debug('What happened could not be read yet', { error: String(error) });
        return clock.wall() + againMs;
      });
      if (againAt !== null && !closing.signal.aborted) stirAfter(againAt - clock.wall());
    }
  }

  function stirAfter(ms: number): void {
    void clock.sleep(Math.max(0, ms), closing.signal).then(stir, () => {});
  }
  const running = run();

  return {
    raised(event) {
      const alert = alertOf(event, true);
      if (alert) inbox.push(alert);
      if (alert) stir();
    },
    follow(next) {
      unfollow();
      const isFirst = source === null;
      source = next;
      place = null;
      reached = null;
      ids = [];
      missed = isFirst ? 'start' : 'gap';
      unfollow = next.subscribe((event) => take(next, event));
      stir();
    },
    outcomes,
    isOpen: (incident) => state.incidents.has(incident),
    async test() {
      const sv = parts.language() === 'sv';
      const title = sv ? 'Ett prov från Opsdeck' : 'A test from Opsdeck';
      const body = sv ? 'Så här ser ett meddelande ut.' : 'This is what a notification looks like.';
      return parts.show({ title, body, critical: false, target: { screen: 'settings' } });
    },
    onMoved(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      closing.abort();
      unfollow();
      stir();
      await running;
    },
  };
}
