/** What is wrong with two chosen days; null when nothing is. */
export type DaysProblem = 'missing' | 'order' | 'years' | 'long';

const dayMs = 86_400_000;
const mostDays = 3_653;

/** Says whether two days of date fields ('' when not whole) make a period that main takes. */
export function problemOfDays(from: string, to: string): DaysProblem | null {
  const pattern = /^\d{4}-\d{2}-\d{2}$/;
  if (!pattern.test(from) || !pattern.test(to)) return 'missing';
  if (from < '2000-01-01' || to > '2100-12-31' || from > '2100-12-31' || to < '2000-01-01') return 'years';
  if (to < from) return 'order';
  const days = (Date.parse(to) - Date.parse(from)) / dayMs + 1;
  return days > mostDays ? 'long' : null;
}
