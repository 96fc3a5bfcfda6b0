// A process of its own that keeps decisions one after the other and says each number once a screen would say "saved",
// until it is killed. `naive` says so before the decision is on disk.
import { decision, openOutbox } from '../../outbox/outbox-office.ts';

const [path, kind, first] = process.argv.slice(2) as [string, 'real' | 'naive', string];
const { outbox } = openOutbox(path);
const waiting: number[] = [];
const keep = (id: number) =>
  outbox.keep('a database', { ...decision({ id, version: 1 }), note: `note ${id}` });

for (let id = Number(first); ; id += 1) {
  if (kind === 'real') keep(id);
  else if (waiting.push(id) >= 20) waiting.splice(0).forEach(keep);
  process.stdout.write(`${id}\n`);
  // The pipe is written between two turns.
  await new Promise((resolve) => setImmediate(resolve));
}
