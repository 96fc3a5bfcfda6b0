/** Entries whose lag is remembered; the least of them is what the clocks of console and database differ by. */
const remembered = 20;
/** What is older than this when it comes was not heard in time, in ms. */
const lateMs = 300_000;

/**
 * Tells whether an entry of the change log came late (the database was away, the machine slept), given its stamp and
 * the wall clock, in epoch ms. The two clocks may differ by any amount.
 */
export function createLateness(): (at: number, wall: number) => boolean {
  const lags: number[] = [];
  return (at, wall) => {
    const lag = wall - at;
    const least = Math.min(lag, ...lags);
    lags.push(lag);
    if (lags.length > remembered) lags.shift();
    return lag - least > lateMs;
  };
}
