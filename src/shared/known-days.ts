/** Whether a day's figures were read, by the first day from which on they were; null: all of them were. */
export function isRead(knownFrom: string | null, day: string | undefined): boolean {
  return knownFrom === null || (day ?? '') >= knownFrom;
}
