import { afterEach } from 'vitest';
import {
  startAdversus,
  type AdversusOptions,
  type AdversusSandbox,
} from '../../src/main/sandbox/adversus/start-adversus.ts';
import { createSandboxClock } from '../../src/main/sandbox/sandbox-clock.ts';

export const NOON = '2026-11-16T11:00:00Z';

/** A starter whose sandboxes are closed after each test: frozen at noon in Stockholm, empty and without limits unless told otherwise. */
export function useSandbox(): (options?: AdversusOptions) => Promise<AdversusSandbox> {
  const running: AdversusSandbox[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((sandbox) => sandbox.close()));
  });
  return async (options = {}) => {
    const clock = createSandboxClock({ start: NOON, speed: 0 });
    const sandbox = await startAdversus({ clock, office: 'empty', limits: 'off', ...options });
    running.push(sandbox);
    return sandbox;
  };
}
