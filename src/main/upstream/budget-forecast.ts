const hourMs = 3_600_000;

/** How far back the pace is measured, in ms: long enough to hold a few window passes. */
export const paceMs = 900_000;

/** Calls expected in an hour if the pace of the last 15 minutes (or since the first call) goes on. */
export function forecastHour(lately: { calls: number; oldestAgeMs: number }): number {
  // A burst just after start says little, so it is spread over five minutes at least.
  const span = Math.min(paceMs, Math.max(lately.oldestAgeMs, 300_000));
  return Math.round((lately.calls * hourMs) / span);
}

/** What one account's scheduled passes cost, in calls, and how often they are wished for, in seconds. */
export interface PacePlanInput {
  deltaCalls: number;
  deltaSeconds: number;
  windowCalls: number;
  windowSeconds: number;
  /** Calls an hour that scheduled passes may use: the limit without the reserve for people and other passes. */
  perHour: number;
}

/** How often to run, in seconds; `stretched` says which pass runs less often than wished. */
export interface PacePlan {
  deltaSeconds: number;
  windowSeconds: number;
  stretched: 'none' | 'delta' | 'both';
  callsPerHour: number;
}

/** Longest pause between delta passes that stretching alone may cause, in seconds (the setting's upper end). */
const longestDeltaSeconds = 600;

/**
 * Fits the passes into the hour: delta passes are stretched first (up to ten minutes), because a late removal
 * misleads for longer than a late deal; only then window passes.
 */
export function planPace(input: PacePlanInput): PacePlan {
  const windowWish = (input.windowCalls * 3_600) / input.windowSeconds;
  const slowestDelta = Math.max(input.deltaSeconds, longestDeltaSeconds);
  const leastDelta = (input.deltaCalls * 3_600) / slowestDelta;
  const windowShare = Math.min(windowWish, Math.max(input.perHour - leastDelta, 1));
  const deltaShare = Math.max(
    Math.min((input.deltaCalls * 3_600) / input.deltaSeconds, input.perHour - windowShare),
    leastDelta,
  );
  const windowSeconds = Math.max(input.windowSeconds, wholeSeconds(input.windowCalls, windowShare));
  const deltaSeconds = Math.max(input.deltaSeconds, wholeSeconds(input.deltaCalls, deltaShare));
  return {
    deltaSeconds,
    windowSeconds,
    stretched:
      windowSeconds > input.windowSeconds ? 'both' : deltaSeconds > input.deltaSeconds ? 'delta' : 'none',
    callsPerHour: Math.round(
      (input.windowCalls * 3_600) / windowSeconds + (input.deltaCalls * 3_600) / deltaSeconds,
    ),
  };
}

/** Seconds between passes of so many calls that keeps to a share of calls an hour, rounded up but for float dust. */
function wholeSeconds(calls: number, perHour: number): number {
  return Math.ceil((calls * 3_600) / perHour - 1e-6);
}
