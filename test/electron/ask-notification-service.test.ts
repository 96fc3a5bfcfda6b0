import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { askNotificationService } from '../../src/main/electron/ask-notification-service.ts';

const ask = (environment: Record<string, string>) => askNotificationService(environment, 1_000);

it.runIf(process.platform === 'linux')(
  'tells a desktop without a bus from one that is reached in another way',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'opsdeck-bus-'));
    expect(await ask({})).toBe('absent');
    expect(await ask({ DBUS_SESSION_BUS_ADDRESS: 'disabled:' })).toBe('absent');
    expect(await ask({ XDG_RUNTIME_DIR: folder })).toBe('absent');
    expect(await ask({ DBUS_SESSION_BUS_ADDRESS: 'tcp:host=localhost,port=1' })).toBe('unknown');
    rmSync(folder, { recursive: true });
  },
);
