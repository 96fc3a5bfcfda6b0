import { planPace } from '../upstream/budget-forecast.ts';

/** What is known of the vendor's lists and wished by the office. */
export interface PassPlanInput {
  /** Calls that a window pass over the leads and over the messages takes, as last seen. */
  dealPages: number;
  smsPages: number;
  /** Calls that one delta pass over each of them takes together. */
  deltaPages: number;
  /** The office's pause between delta passes, in seconds. */
  deltaSeconds: number;
}

/** How often each scheduled pass runs, in seconds. */
export interface PassPlan {
  deltaSeconds: number;
  dealsWindowSeconds: number;
  smsWindowSeconds: number;
  /** True when delta passes run less often than the office wishes. */
  stretched: boolean;
}

/** Calls an hour that the schedule may use: the vendor's 1000 without the reserve for people. */
const perHour = 940;

/**
 * Calls an hour that whole reads of the messages may use: nothing is removed on their word, so they may be rare, and
 * give way to the leads, whose window takes two reads whenever the list moved during the first.
 */
const smsWindowPerHour = 120;

/** Above this many pages a removal may take 15 minutes to be seen instead of 5. */
const manyPages = 10;

/** Fits delta and window passes of leads and messages into the vendor's hour. */
export function planPasses(input: PassPlanInput): PassPlan {
  const smsWindowSeconds = Math.max(900, Math.ceil((input.smsPages * 3_600) / smsWindowPerHour));
  const plan = planPace({
    deltaCalls: input.deltaPages,
    deltaSeconds: input.deltaSeconds,
    windowCalls: input.dealPages,
    windowSeconds: input.dealPages <= manyPages ? 240 : 780,
    perHour: perHour - Math.ceil((input.smsPages * 3_600) / smsWindowSeconds),
  });
  return {
    deltaSeconds: plan.deltaSeconds,
    dealsWindowSeconds: plan.windowSeconds,
    smsWindowSeconds,
    stretched: plan.stretched !== 'none',
  };
}
