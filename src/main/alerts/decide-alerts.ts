import {
  alwaysTold,
  type AlertKindName,
  type AlertResult,
  type WithheldWhy,
} from '../../shared/contract/alerts.ts';
import { alertKinds } from './alert-kinds.ts';
import type { AlertEvent } from './alert-event.ts';

/**
 * A notification comes so long after the one before, taking what came between, in ms. Urgent ones (critical, switches)
 * come at once, but no more than so many in that time.
 */
export const spacingMs = 5_000;
export const mostUrgent = 3;
/** What happened longer ago than this is no news, unless it is critical, in ms. */
export const oldMs = 600_000;
/** So many told at once are a flood: more of their kinds is not told until it has been calm for `calmMs`. */
const floodEvents = 20;
const calmMs = 10_000;

/** 0: not told of; 1: told of; 2: told of as critical. */
export type Told = 0 | 1 | 2;

export interface OpenIncident {
  kind: AlertKindName;
  /** When it was last heard of, wall ms. */
  lastAt: number;
  told: Told;
}

export interface AlertState {
  incidents: ReadonlyMap<string, OpenIncident>;
  /** To be told as soon as the last notification is far enough. */
  waiting: readonly AlertEvent[];
  /** Keys of those that wait whose incident has ended: telling them says nothing of one that began since. */
  ended: ReadonlySet<string>;
  lastShown: number | null;
  /** When the latest urgent ones were shown, wall ms. */
  urgent: readonly number[];
  flood: { until: number; kinds: ReadonlySet<AlertKindName> } | null;
}

/** What a person has set, as of now. */
export interface AlertRules {
  off: ReadonlySet<AlertKindName>;
  paused: boolean;
  quiet: boolean;
  /** Wall ms. */
  now: number;
}

export interface Decided {
  event: AlertEvent;
  result: Exclude<AlertResult, 'failed'>;
  why: WithheldWhy | null;
}

export interface Decision {
  state: AlertState;
  /** What became of events, each once; those in `tell` are among them as shown. */
  decided: readonly Decided[];
  /** To be shown as one notification. */
  tell: readonly AlertEvent[];
  /** When to decide again about what waits, wall ms. */
  againAt: number | null;
}

export function noAlerts(incidents: ReadonlyMap<string, OpenIncident> = new Map()): AlertState {
  return { incidents, waiting: [], ended: new Set(), lastShown: null, urgent: [], flood: null };
}

/** Decides about events in the order they came, and about what waits. */
export function decideAlerts(before: AlertState, events: readonly AlertEvent[], rules: AlertRules): Decision {
  const draft: Draft = {
    incidents: new Map(before.incidents),
    waiting: [...before.waiting],
    ended: new Set(before.ended),
    flood: before.flood && isBefore(rules.now, before.flood.until) ? before.flood : null,
    decided: [],
  };
  for (const event of events) {
    if (isCritical(event) && draft.flood) draft.flood = { ...draft.flood, until: rules.now + calmMs };
    if (event.solved) takeSolved(draft, event, rules);
    else take(draft, event, rules);
  }
  return tellWaiting(draft, before, rules);
}

/**
 * Decides about what happened while nobody looked: one notification for all of it. What was over again before anybody
 * could hear of it is not told, unless it was critical.
 */
export function decideMissed(before: AlertState, events: readonly AlertEvent[], rules: AlertRules): Decision {
  const draft: Draft = {
    incidents: new Map(before.incidents),
    waiting: [],
    ended: new Set(),
    flood: null,
    decided: [],
  };
  for (const event of events) {
    if (event.solved) takeSolved(draft, event, rules);
    else take(draft, event, { ...rules, now: Math.min(rules.now, event.at.getTime() + oldMs) });
  }
  const tell = draft.waiting;
  markTold(draft, tell);
  forget(draft, rules.now);
  return {
    state: { ...before, incidents: draft.incidents, ...shownNow(before, tell, rules.now) },
    decided: [
      ...draft.decided,
      ...tell.map((event) => ({ event, result: 'summarised' as const, why: null })),
    ],
    tell,
    againAt: before.waiting.length > 0 ? rules.now : null,
  };
}

/** The state after the system refused to show events that were to be told: they count as not told of. */
export function takeBack(state: AlertState, events: readonly AlertEvent[]): AlertState {
  const incidents = new Map(state.incidents);
  for (const { incident } of events) {
    const open = incidents.get(incident);
    if (open) incidents.set(incident, { ...open, told: 0 });
  }
  return { ...state, incidents };
}

interface Draft {
  incidents: Map<string, OpenIncident>;
  waiting: AlertEvent[];
  ended: Set<string>;
  flood: AlertState['flood'];
  decided: Decided[];
}

function take(draft: Draft, event: AlertEvent, rules: AlertRules): void {
  const critical = isCritical(event);
  const level: Told = critical ? 2 : 1;
  if (isElsewhere(event)) return settle(draft, event, 'withheld', 'elsewhere');
  const known = draft.incidents.get(event.incident);
  const isOpen = known !== undefined && rules.now - known.lastAt <= alertKinds[event.kind].quietAfterMs;
  const told = isOpen ? known.told : 0;
  draft.incidents.set(event.incident, { kind: event.kind, lastAt: rules.now, told });
  if (told >= level) return settle(draft, event, 'joined', null);
  if (draft.flood?.kinds.has(event.kind)) {
    draft.incidents.set(event.incident, { kind: event.kind, lastAt: rules.now, told: level });
    return settle(draft, event, 'joined', null);
  }
  const why = critical ? null : withheld(event, rules);
  if (why !== null) settle(draft, event, 'withheld', why);
  else draft.waiting.push(event);
}

function takeSolved(draft: Draft, event: AlertEvent, rules: AlertRules): void {
  if (isElsewhere(event)) return settle(draft, event, 'withheld', 'elsewhere');
  const known = draft.incidents.get(event.incident);
  draft.incidents.delete(event.incident);
  // What waited to be told is over; what is critical is told all the same.
  const over = draft.waiting.filter((one) => one.incident === event.incident && !isCritical(one));
  draft.waiting = draft.waiting.filter((one) => !over.includes(one));
  for (const one of over) settle(draft, one, 'withheld', 'over');
  for (const one of draft.waiting) if (one.incident === event.incident) draft.ended.add(one.key);
  if (!known || known.told === 0) return settle(draft, event, 'withheld', 'untold');
  if (!alertKinds[event.kind].tellsSolved) return settle(draft, event, 'joined', null);
  const why = withheld(event, rules);
  if (why !== null) settle(draft, event, 'withheld', why);
  else draft.waiting.push(event);
}

/** Why something that is not critical is kept from people; null: it is not. */
function withheld(event: AlertEvent, rules: AlertRules): WithheldWhy | null {
  if (rules.off.has(event.kind) && !alwaysTold.includes(event.kind)) return 'off';
  if (rules.paused) return 'paused';
  if (rules.quiet) return 'quiet';
  return rules.now - event.at.getTime() > oldMs ? 'old' : null;
}

function tellWaiting(draft: Draft, before: AlertState, rules: AlertRules): Decision {
  forget(draft, rules.now);
  const { incidents, waiting, ended, flood, decided } = draft;
  const rest = { incidents, ended, flood, lastShown: before.lastShown, urgent: before.urgent };
  if (waiting.length === 0) return { state: { ...rest, waiting }, decided, tell: [], againAt: null };
  const freeAt = waiting.some(isUrgent)
    ? urgentFreeAt(before, rules.now)
    : (before.lastShown ?? 0) + spacingMs;
  if (isBefore(rules.now, freeAt)) return { state: { ...rest, waiting }, decided, tell: [], againAt: freeAt };
  markTold(draft, waiting);
  forget(draft, rules.now);
  const isFlood = waiting.length >= floodEvents;
  return {
    state: {
      incidents,
      waiting: [],
      ended: new Set(),
      flood: isFlood ? { until: rules.now + calmMs, kinds: new Set(waiting.map(({ kind }) => kind)) } : flood,
      ...shownNow(before, waiting, rules.now),
    },
    decided: [...decided, ...waiting.map((event) => ({ event, result: 'shown' as const, why: null }))],
    tell: waiting,
    againAt: null,
  };
}

function markTold(draft: Draft, events: readonly AlertEvent[]): void {
  for (const event of events) {
    const open = draft.incidents.get(event.incident);
    const told: Told = isCritical(event) ? 2 : 1;
    if (open && !event.solved && open.told < told && !draft.ended.has(event.key))
      draft.incidents.set(event.incident, { ...open, told });
  }
}

/** Incidents that nothing can be told of any more: what stands for itself and was told, and what is older than a month. */
function forget(draft: Draft, now: number): void {
  const waits = new Set(draft.waiting.map(({ incident }) => incident));
  for (const [name, { kind, lastAt, told }] of draft.incidents) {
    const isOver = alertKinds[kind].quietAfterMs === 0 && (told > 0 || !waits.has(name));
    if (isOver || now - lastAt > 30 * 86_400_000) draft.incidents.delete(name);
  }
}

function shownNow(before: AlertState, tell: readonly AlertEvent[], now: number) {
  return {
    lastShown: tell.length > 0 ? now : before.lastShown,
    urgent: tell.some(isUrgent) ? [...before.urgent, now].slice(-mostUrgent) : before.urgent,
  };
}

/** When the next urgent one may come, wall ms; in the past: at once. */
function urgentFreeAt({ urgent }: AlertState, now: number): number {
  const recent = urgent.filter((at) => isBefore(now, at + spacingMs));
  return recent.length < mostUrgent ? now : recent[0]! + spacingMs;
}

function settle(draft: Draft, event: AlertEvent, result: Decided['result'], why: Decided['why']): void {
  draft.decided.push({ event, result, why });
}

/** That a database does not answer somebody else is theirs to hear. */
function isElsewhere(event: AlertEvent): boolean {
  return event.kind === 'database-away' && !event.own && !isCritical(event);
}

export function isCritical(event: AlertEvent): boolean {
  return event.type === 'CRITICAL' && !event.solved;
}

/** To be told within a second. */
export function isUrgent(event: AlertEvent): boolean {
  return !event.solved && (event.type === 'CRITICAL' || event.type === 'SWITCH');
}

/** True when `now` is before an instant that was set at most a spell earlier; a clock that was set back waits for nothing. */
function isBefore(now: number, until: number): boolean {
  return now < until && until - now <= calmMs;
}
