import { planPace } from '../upstream/budget-forecast.ts';

/** What is known of the vendor's lists and wished by the office. */
export interface PassPlanInput {
  /** Calls that a window pass over the leads and over the messages takes, as last seen. */
  dealPages: number;
  smsPages: number;
  /** Calls that one delta pass over each of them takes. */
  dealsDeltaPages: number;
  smsDeltaPages: number;
  /** Within how many seconds the office wishes to see a new deal. */
  deltaSeconds: number;
}

/** How often each scheduled pass runs, in seconds. */
export interface PassPlan {
  deltaSeconds: number;
  smsDeltaSeconds: number;
  dealsWindowSeconds: number;
  smsWindowSeconds: number;
  /** True where delta passes run less often than the office wishes. */
  stretched: { deals: boolean; sms: boolean };
}

/** Calls an hour that the schedule may use: the vendor's 1000 without the reserve for people. */
const perHour = 940;

/**
 * Calls an hour that whole reads of the messages may use: nothing is removed on their word, so they may be rare, and
 * give way to the leads, whose window takes two reads whenever the list moved during the first.
 */
const smsWindowPerHour = 120;

/** Calls an hour that are kept for delta passes over the messages, however much the leads take. */
const smsDeltaPerHour = 60;

/** Above this many pages a removal may take 15 minutes to be seen instead of 5. */
const manyPages = 10;

/** Of two window passes over many pages, about one finds that its list moved and reads it again. */
const readAgain = 1.5;

/** A pass takes its time, and what is sold right after one began waits for the next: that one begins early enough. */
const earlyShare = 3 / 4;

/** Fits delta and window passes into the vendor's hour: leads first, messages into what they leave. */
export function planPasses(input: PassPlanInput): PassPlan {
  const smsWindowSeconds = Math.max(900, Math.ceil((input.smsPages * 3_600) / smsWindowPerHour));
  const left = perHour - Math.ceil((input.smsPages * 3_600) / smsWindowSeconds);
  const many = input.dealPages > manyPages;
  const wished = Math.max(Math.floor(input.deltaSeconds * earlyShare), 10);
  const deals = planPace({
    deltaCalls: input.dealsDeltaPages,
    deltaSeconds: wished,
    windowCalls: many ? Math.ceil(input.dealPages * readAgain) : input.dealPages,
    windowSeconds: many ? 600 : 240,
    perHour: left - smsDeltaPerHour,
  });
  const smsDeltaSeconds = Math.max(
    wished,
    Math.ceil((input.smsDeltaPages * 3_600) / Math.max(left - deals.callsPerHour, smsDeltaPerHour)),
  );
  return {
    deltaSeconds: deals.deltaSeconds,
    smsDeltaSeconds,
    dealsWindowSeconds: deals.windowSeconds,
    smsWindowSeconds,
    stretched: { deals: deals.stretched !== 'none', sms: smsDeltaSeconds > wished },
  };
}
