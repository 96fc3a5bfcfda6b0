/** How long to wait after so many failures in a row, in ms: doubled up to the longest, shortened by chance up to half. */
export function backOff(
  failures: number,
  random: () => number,
  pauses: { firstMs: number; longestMs: number },
): number {
  const full = Math.min(pauses.firstMs * 2 ** Math.min(failures - 1, 20), pauses.longestMs);
  return full * (1 - random() / 2);
}
