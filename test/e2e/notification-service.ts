import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { display, waitFor } from './launch-console.ts';

/** One call of `org.freedesktop.Notifications.Notify`, as it went over the bus. */
export interface Notify {
  title: string;
  body: string;
  critical: boolean;
  /** When it was on the bus, wall ms. */
  at: number;
}

/** A real session bus with a real notification service on it, and a look at what is said there. */
export interface NotificationService {
  /** For programs that are to use it. */
  environment: Record<string, string>;
  calls(): Notify[];
  /** Clicks the notification on screen. */
  click(): Promise<void>;
  closeAll(): Promise<void>;
  /** From now on it accepts calls and answers none, until it is thawed. */
  freeze(): void;
  thaw(): void;
  /** Ends the service and leaves the bus without one; `restart` puts another there. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): void;
}

/** A session bus that starts no service by itself, so that one which was killed stays away. */
const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>`;

/** The programs it needs that are not here; none: it can be started. */
export function missingPrograms(): string[] {
  if (process.platform !== 'linux') return ['a D-Bus session bus'];
  return ['dbus-daemon', 'dbus-monitor', 'dunst', 'dunstctl'].filter(
    (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0,
  );
}

/** Starts bus, service and watcher; each ends with `stop`. */
export async function startNotificationService(): Promise<NotificationService> {
  const folder = mkdtempSync(join(tmpdir(), 'opsdeck-dunst-'));
  writeFileSync(join(folder, 'bus.conf'), busConfig);
  const bus = spawn(
    'dbus-daemon',
    [`--config-file=${join(folder, 'bus.conf')}`, '--nofork', '--print-address=1'],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const children: ChildProcess[] = [bus];
  let address = '';
  bus.stdout.on('data', (chunk: Buffer) => (address += chunk.toString()));
  await waitFor(() => address.includes('\n'), "the session bus's address", bus);
  const environment = { DBUS_SESSION_BUS_ADDRESS: address.trim() };
  const env = { ...process.env, ...environment, DISPLAY: await display() };

  const monitor = spawn('dbus-monitor', ["interface='org.freedesktop.Notifications'"], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let seen = '';
  monitor.stdout.on('data', (chunk: Buffer) => (seen += chunk.toString()));
  // What is on screen stays there until it is clicked, however slow the machine is.
  const config = join(folder, 'dunstrc');
  writeFileSync(
    config,
    '[urgency_low]\ntimeout = 0\n[urgency_normal]\ntimeout = 0\n[urgency_critical]\ntimeout = 0\n',
  );
  children.push(monitor);
  let dunst: ChildProcess;
  const run = (...args: string[]) => promisify(execFile)('dunstctl', args, { env });
  async function start(): Promise<void> {
    dunst = spawn('dunst', ['-conf', config], { env, stdio: 'ignore' });
    children.push(dunst);
    await waitFor(
      () =>
        run('count').then(
          () => true,
          () => false,
        ),
      'dunst',
      dunst,
    );
  }
  await start();
  return {
    environment,
    calls: () => readCalls(seen),
    click: async () => void (await run('action')),
    closeAll: async () => void (await run('close-all')),
    freeze: () => void dunst.kill('SIGSTOP'),
    thaw: () => void dunst.kill('SIGCONT'),
    async kill() {
      const ended = once(dunst, 'exit');
      dunst.kill('SIGKILL');
      await ended;
    },
    restart: start,
    stop() {
      for (const child of children.toReversed()) child.kill();
    },
  };
}

/** Reads what dbus-monitor wrote: application, number, icon, title, body, actions, hints with the urgency. */
function readCalls(seen: string): Notify[] {
  return seen.split(/^(?=method call|signal|method return|error)/m).flatMap((message) => {
    const head = /^method call time=([\d.]+) .*member=Notify$/m.exec(message);
    // The last argument, its time on screen, is there: the whole call is.
    if (!head || !/^ {3}int32 -?\d+$/m.test(message)) return [];
    const texts = [...message.matchAll(/^ {3}string "([^]*?)"$/gm)].map((match) => match[1] ?? '');
    const urgency = /string "urgency"\s+variant\s+byte (\d)/.exec(message)?.[1];
    const [, , title = '', body = ''] = texts;
    return [{ title, body, critical: urgency === '2', at: Number(head[1]) * 1_000 }];
  });
}
