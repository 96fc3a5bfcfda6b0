import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';

/** What the tests drive from outside: the ports that came, a client on the newest, and raw messages. */
const probe = {
  ports: [] as MessagePort[],
  closed: [] as boolean[],
  client: null as unknown,
  /** Answers that came to raw messages, by the call's number. */
  answers: {} as Record<string, unknown>,
  reports: [] as string[],
  /** Calls a procedure by its path: its output, or its error as plain data. */
  async call(path: string, input?: unknown): Promise<unknown> {
    let step: unknown = await clientReady;
    for (const name of path.split('.')) step = (step as Record<string, unknown>)[name];
    try {
      return { output: await (step as (input: unknown) => Promise<unknown>)(input) };
    } catch (error) {
      const { code, status, message, data } = error as Record<string, unknown>;
      return { code, status, message, data };
    }
  },
};
Object.assign(window, { probe });

let ready: (client: unknown) => void = () => {};
const clientReady = new Promise((resolve) => (ready = resolve));

window.addEventListener('securitypolicyviolation', (event) => {
  probe.reports.push(`${event.effectiveDirective} ${event.blockedURI}`);
});
window.addEventListener('message', (event) => {
  if (event.source !== window || event.data !== 'port') return;
  const port = event.ports[0];
  if (!port) return;
  const index = probe.ports.push(port) - 1;
  probe.closed[index] = false;
  port.addEventListener('close', () => (probe.closed[index] = true));
  port.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(data as string) as { i: string };
    probe.answers[answer.i] = answer;
  });
  probe.client = createORPCClient(new RPCLink({ port }));
  port.start();
  ready(probe.client);
});
