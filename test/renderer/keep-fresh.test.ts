import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Api, ConnectionWork, ConsoleClient } from '../../src/renderer/api.ts';
import { keepFresh } from '../../src/renderer/keep-fresh.ts';
import { createServices } from '../../src/renderer/services.ts';

const first = [
  'boards.fair',
  'deals.today',
  'sync.state',
  'system.consoleSettings',
  'system.officeSettings',
  'system.status',
];

/** A page with a port on which nothing is answered before `answer`, and then only with refusals. */
function connect(drawn?: Promise<void>) {
  const asked: string[] = [];
  let refuse = () => {};
  const refusal = new Promise<never>((_resolve, reject) => {
    refuse = () => reject(new Error('there is no main here'));
  });
  refusal.catch(() => {});
  const call = (path: string) => () => {
    asked.push(path);
    return refusal;
  };
  const group = (feature: string) =>
    new Proxy({}, { get: (_target, name) => call(`${feature}.${String(name)}`) });
  const client = new Proxy(
    {},
    { get: (_target, name) => (name === 'then' ? undefined : group(String(name))) },
  );
  const works: ConnectionWork<ConsoleClient>[] = [];
  const api: Api = {
    client: () => Promise.resolve(client as ConsoleClient),
    onConnect: (work) => void works.push(work),
    onConnectionChange: () => {},
  };
  const services = createServices(api, { monotonic: () => 0, wall: () => 0 });
  // What other stores follow by themselves is theirs.
  works.length = 0;
  keepFresh(services, drawn);
  const gone = new AbortController();
  for (const work of works) work(client as ConsoleClient, gone.signal);
  return { asked, refuse: () => refuse(), leave: () => gone.abort() };
}

describe('a new port', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is asked for what the first picture shows, and for the rest once that was answered or refused', async () => {
    const page = connect();
    await vi.advanceTimersByTimeAsync(0);
    expect([...page.asked].sort()).toEqual(first);
    page.refuse();
    await vi.advanceTimersByTimeAsync(0);
    expect(page.asked).toContain('duplicates.pending');
    expect(page.asked).toContain('system.changes');
    expect(page.asked.filter((path) => path === 'deals.today')).toHaveLength(1);
    page.leave();
  });

  it('is asked for the rest after a second, whatever the first picture waits for', async () => {
    const page = connect();
    await vi.advanceTimersByTimeAsync(999);
    expect([...page.asked].sort()).toEqual(first);
    await vi.advanceTimersByTimeAsync(1);
    expect(page.asked).toContain('system.changes');
    page.leave();
  });

  it('is asked for the rest only once the first picture is drawn', async () => {
    let draw = () => {};
    const page = connect(new Promise((resolve) => (draw = resolve)));
    page.refuse();
    await vi.advanceTimersByTimeAsync(2_000);
    expect([...page.asked].sort()).toEqual(first);
    draw();
    await vi.advanceTimersByTimeAsync(0);
    expect(page.asked).toContain('system.changes');
    page.leave();
  });

  it('that was left before is asked for nothing more', async () => {
    const page = connect();
    await vi.advanceTimersByTimeAsync(0);
    page.leave();
    page.refuse();
    await vi.advanceTimersByTimeAsync(5_000);
    expect([...page.asked].sort()).toEqual(first);
  });
});
