import { alertKinds } from './alert-kinds.ts';
import type { AlertEvent, Language, Notice } from './alert-event.ts';

/** At most so many titles stand in one notification; the rest is counted. */
const mostTitles = 3;
const longestBody = 240;

/** One notification for events that are told together: of one kind in its words, of several as a list of titles. */
export function wordNotice(language: Language, events: readonly AlertEvent[]): Notice {
  const parts = [...byKind(events).values()].map((group) => wordKind(language, group));
  const critical = events.some(({ type, solved }) => type === 'CRITICAL' && !solved);
  const [only] = parts;
  if (parts.length === 1 && only) return { ...only, body: cut(only.body), critical };
  return { ...listed(language, parts), critical, target: { screen: 'health' } };
}

/** One notification for everything that happened while the console was closed. */
export function wordSummary(language: Language, events: readonly AlertEvent[]): Notice {
  const notice = wordNotice(language, events);
  const parts = [...byKind(events).values()].map((group) => wordKind(language, group));
  const title = language === 'sv' ? 'Medan Opsdeck var stängt' : 'While Opsdeck was closed';
  return { ...notice, title, body: listed(language, parts).body };
}

type Words = Omit<Notice, 'critical'>;

/** Critical kinds first, then in the order of the kinds' list; solved ones are a kind of their own. */
function byKind(events: readonly AlertEvent[]): Map<string, AlertEvent[]> {
  const order = Object.keys(alertKinds);
  const place = (event: AlertEvent) =>
    (event.type === 'CRITICAL' && !event.solved ? 0 : 100) + order.indexOf(event.kind);
  const groups = new Map<string, AlertEvent[]>();
  for (const event of events.toSorted((a, b) => place(a) - place(b))) {
    const name = `${event.kind} ${event.solved}`;
    groups.set(name, [...(groups.get(name) ?? []), event]);
  }
  return groups;
}

function wordKind(language: Language, events: readonly AlertEvent[]): Words {
  const first = events[0]!;
  const kind = alertKinds[first.kind];
  const words =
    first.solved && kind.solvedWords
      ? kind.solvedWords(language, events.at(-1)!)
      : kind.words(language, events);
  return { ...words, target: kind.target(events) };
}

function listed(language: Language, parts: readonly Words[]): { title: string; body: string } {
  const more = parts.length - mostTitles;
  const rest = more > 0 ? [language === 'sv' ? `och ${more} till` : `and ${more} more`] : [];
  const lines = [...parts.slice(0, mostTitles).map(({ title }) => title), ...rest];
  const title = language === 'sv' ? `${parts.length} larm` : `${parts.length} alerts`;
  return { title, body: cut(lines.join('\n')) };
}

function cut(text: string): string {
  return text.length <= longestBody ? text : `${text.slice(0, longestBody - 1)}…`;
}
