import { placeInMonth, type ZoneTime } from '../zone-time.ts';
import { LIVE_SLOT, planLiveSlot, slotOf } from './office-live.ts';
import { planOfficeDay } from './office.ts';
import { compareEvents, type OfficeEvent } from './records.ts';

/** A stretch of time in which live deals came in; `until` absent means it still runs. */
export interface LiveSpan {
  readonly from: number;
  readonly until?: number;
}

export interface OfficeFeedOptions {
  seed: string;
  zone: ZoneTime;
  /** The clock at the start; days count from the first of the month before it. */
  startedAt: number;
  liveSpans: readonly LiveSpan[];
  /** Told before deals of a new live slot become visible, so that a restart can bring them back. */
  onLive?: (until: number) => void;
}

/** Hands out the office's events as time passes, each once and in order of time. */
export class OfficeFeed {
  readonly #options: OfficeFeedOptions;
  #nextDay: number;
  #nextSlot: number;
  #waiting: OfficeEvent[] = [];

  constructor(options: OfficeFeedOptions) {
    const { zone, startedAt, liveSpans } = options;
    this.#options = options;
    const thisMonth = placeInMonth(zone.dayOf(startedAt)).firstDay;
    this.#nextDay = placeInMonth(thisMonth - 1).firstDay;
    this.#nextSlot = Math.min(...liveSpans.map((span) => slotOf(span.from)), Infinity);
  }

  /** All events up to `now` that were not handed out yet. Never goes back when the clock does. */
  takeUntil(now: number): OfficeEvent[] {
    const planned = [...this.#planDays(now), ...this.#planLive(now)];
    if (planned.length > 0) this.#waiting = [...this.#waiting, ...planned].sort(compareEvents);
    const due = this.#waiting.findIndex((event) => event.at > now);
    return due === -1 ? this.#waiting.splice(0) : this.#waiting.splice(0, due);
  }

  #planDays(now: number): OfficeEvent[] {
    const { seed, zone } = this.#options;
    const today = zone.dayOf(now);
    const events: OfficeEvent[] = [];
    for (; this.#nextDay <= today; this.#nextDay++) events.push(...planOfficeDay(seed, this.#nextDay, zone));
    return events;
  }

  #planLive(now: number): OfficeEvent[] {
    const { seed, zone, liveSpans, onLive } = this.#options;
    const last = slotOf(now);
    const events: OfficeEvent[] = [];
    if (last >= this.#nextSlot) onLive?.(now);
    for (; this.#nextSlot <= last; this.#nextSlot++) {
      const at = this.#nextSlot * LIVE_SLOT;
      if (liveSpans.some((span) => lies(at, span))) events.push(...planLiveSlot(seed, this.#nextSlot, zone));
    }
    return events;
  }
}

// A slot belongs to a span when it begins in it, so that a slot is wholly in or wholly out.
function lies(at: number, span: LiveSpan): boolean {
  return at >= span.from && (span.until === undefined || at <= span.until);
}
