import type { KeptOutcome } from '../../shared/contract/outbox.ts';
import { backOff } from '../back-off.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import {
  subjectOf,
  type AccountPayload,
  type DecisionPayload,
  type Kept,
  type KeptPayload,
} from './kept-decision.ts';
import type { Outbox } from './outbox.ts';

/** A decision that fails so often although the database answers is set aside, and those behind it go on. */
export const mostTries = 5;
/** Read from the outbox at a time. */
const batch = 100;
/** Pauses between rounds that left something, in ms: doubled up to the longest, each shortened by chance up to half. */
const firstPauseMs = 250;
const longestPauseMs = 10_000;
/** The outbox is looked at this often even when nobody says that it moved, in ms. */
const lookMs = 15_000;

/** The database as decisions are sent to it. */
export interface SendTo {
  databaseId: string;
  /** Carries a decision out, once however often it is sent. Rejects when it is not known what became of it. */
  send(decisionId: string, decision: DecisionPayload): Promise<KeptOutcome>;
  /** What became of a decision whose answer was lost; null: it was not carried out. Rejects when the database is away. */
  find(decisionId: string): Promise<KeptOutcome | null>;
  /** Makes sure that it is never carried out, or answers how it ended. Rejects when neither could be had. */
  giveUp(decisionId: string, caseId: number): Promise<KeptOutcome | null>;
  /** The same for requests for accounts, by their own keys. Absent: nobody takes them here, and they wait. */
  accounts?: {
    send(request: AccountPayload): Promise<KeptOutcome>;
    find(key: string): Promise<KeptOutcome | null>;
  };
}

export interface SenderParts {
  outbox: Outbox;
  clock: Clock;
  log: Log;
  /** Between 0 and 1. */
  random(): number;
  /** The database, while it is there. */
  target(): SendTo | null;
  /** Something that a person should hear of. */
  tell(sentence: string): void;
}

export interface Sender {
  /** Says that there may be something to send, or somewhere to send it. */
  wake(): void;
  /** Resolves when nothing is being sent any more. */
  close(): Promise<void>;
}

/** Sends what waits, in order, whenever the database is there. */
export function startSender(parts: SenderParts): Sender {
  const { clock, log } = parts;
  const closing = new AbortController();
  let pause = new AbortController();
  let woken = false;
  let failures = 0;

  async function run() {
    while (!closing.signal.aborted) {
      woken = false;
      pause = new AbortController();
      const ended = await sendRound(parts, closing.signal).catch((error: unknown) => {
        log.warn('The outbox could not be sent', { error });
        return 'left' as const;
      });
      failures = ended === 'left' ? failures + 1 : 0;
      if (woken && failures === 0) continue;
      // A wake-up cuts the long look short, never the pause after a failure.
      const signal = failures === 0 ? AbortSignal.any([pause.signal, closing.signal]) : closing.signal;
      await clock.sleep(failures === 0 ? lookMs : backOffMs(failures, parts.random), signal).catch(() => {});
    }
  }
  const running = run();
  return {
    wake() {
      woken = true;
      pause.abort();
    },
    async close() {
      closing.abort();
      await running;
    },
  };
}

/** How long to wait after so many failures in a row, in ms. */
export function backOffMs(failures: number, random: () => number): number {
  return backOff(failures, random, { firstMs: firstPauseMs, longestMs: longestPauseMs });
}

/**
 * Sends each waiting decision once, in order. A failure although the database answers leaves that one and later ones on
 * its case for the next round, and goes on with the others. `left`: something waits still, or could not be sent.
 */
export async function sendRound(parts: SenderParts, signal: AbortSignal): Promise<'empty' | 'left'> {
  const target = parts.target();
  if (!target) return 'empty';
  const left = new Set<string>();
  for (let after = 0; !signal.aborted;) {
    const waiting = parts.outbox.waiting(target.databaseId, after, batch);
    for (const kept of waiting) {
      if (signal.aborted) break;
      after = kept.seq;
      if (kept.payload && left.has(subjectOf(kept.payload))) continue;
      const ended = await sendOne(parts, target, kept);
      if (ended === 'away') return 'left';
      if (ended === 'left' && kept.payload) left.add(subjectOf(kept.payload));
    }
    if (waiting.length < batch) break;
  }
  return left.size > 0 ? 'left' : 'empty';
}

async function sendOne(parts: SenderParts, target: SendTo, kept: Kept): Promise<'settled' | 'left' | 'away'> {
  const { outbox, tell } = parts;
  if (!kept.payload) {
    outbox.settle(kept.decisionId, 'damaged', null);
    tell('A decision kept on this console was damaged and is not sent. It is listed under Duplicates.');
    return 'settled';
  }
  if (kept.payload.kind === 'account' && !target.accounts) return 'left';
  try {
    settle(outbox, kept, await send(target, kept.decisionId, kept.payload));
    return 'settled';
  } catch (error) {
    const found = await find(target, kept.decisionId, kept.payload).catch(() => 'away' as const);
    if (found === 'away') return 'away';
    if (found) {
      settle(outbox, kept, found);
      return 'settled';
    }
    const tries = outbox.noteTry(kept.decisionId);
    const why = error instanceof Error ? error.message : String(error);
    parts.log.warn('A kept decision could not be sent', { decision: kept.decisionId, tries, error });
    if (tries < mostTries) return 'left';
    // What was sent may still be under way over there: only what can never happen is told as not done.
    const late =
      kept.payload.kind === 'decision'
        ? await target.giveUp(kept.decisionId, kept.payload.id).catch(() => 'unknown' as const)
        : null;
    if (late === 'unknown') return 'left';
    if (late) {
      settle(outbox, kept, late);
      return 'settled';
    }
    outbox.settle(kept.decisionId, 'rejected', failedFor(why));
    const what =
      kept.payload.kind === 'decision'
        ? `The decision on case ${kept.payload.id}`
        : `The request for the account ${kept.payload.email}`;
    tell(`${what} could not be carried out in ${mostTries} tries (${why}).`);
    return 'settled';
  }
}

function send(target: SendTo, id: string, payload: KeptPayload): Promise<KeptOutcome> {
  return payload.kind === 'decision' ? target.send(id, payload) : target.accounts!.send(payload);
}

function find(target: SendTo, id: string, payload: KeptPayload): Promise<KeptOutcome | null> {
  return payload.kind === 'decision' ? target.find(id) : target.accounts!.find(payload.key);
}

function settle(outbox: Outbox, kept: Kept, outcome: KeptOutcome): void {
  const isDone = outcome.kind === 'done' || outcome.kind === 'same';
  outbox.settle(kept.decisionId, isDone ? 'applied' : 'returned', outcome);
}

function failedFor(message: string): KeptOutcome {
  return { kind: 'failed', message, by: null, resolution: null, at: null, version: null, now: null };
}
