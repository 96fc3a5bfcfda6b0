import { expect, it, vi } from 'vitest';

vi.mock('electron', () => ({ app: { isPackaged: false }, Menu: {}, nativeImage: {}, Tray: class {} }));
const { trayMenu } = await import('../../src/main/electron/tray.ts');
const { desktopEntry } = await import('../../src/main/electron/start-at-login.ts');

const act = { open() {}, pause: vi.fn(), stopAll: vi.fn(), quit() {} };
const state = { awaySince: null, waiting: 0, leads: true, mode: null, paused: false, stopped: false };
const labels = (more: Partial<typeof state> | object, language: 'sv' | 'en') =>
  trayMenu({ ...state, ...more }, language, act).flatMap(({ label }) => label ?? []);

it('the tray says what is the case, and what can be done', () => {
  expect(labels({}, 'en')).toEqual([
    'Nothing waits',
    'Runs the schedule',
    'Open Opsdeck',
    'Do not disturb',
    'Stop all schedules',
    'Quit',
  ]);
  expect(labels({ waiting: 3, leads: false, mode: 'async_queue' }, 'sv')).toEqual([
    '3 väntar på dig',
    'Följer',
    'Konton: köas',
    'Öppna Opsdeck',
    'Stör inte',
    'Stoppa alla scheman',
    'Avsluta',
  ]);
  expect(labels({ awaySince: '2026-11-16T11:00:00Z', waiting: 3 }, 'en')[0]).toBe(
    'The database does not answer',
  );
});

it('do not disturb is switched to what it is not', () => {
  const item = trayMenu({ ...state, paused: true }, 'en', act).find(({ type }) => type === 'checkbox');
  expect(item?.checked).toBe(true);
  const click = item?.click as (() => void) | undefined;
  click?.();
  expect(act.pause).toHaveBeenCalledWith(false);
});

it('stop-all is switched to what it is not, while there is a database to tell others by', () => {
  const item = (more: object) =>
    trayMenu({ ...state, ...more }, 'en', act).find(({ label }) => label === 'Stop all schedules');
  expect(item({ stopped: true })?.checked).toBe(true);
  expect(item({ awaySince: '2026-11-16T11:00:00Z' })?.enabled).toBe(false);
  const click = item({})?.click as (() => void) | undefined;
  click?.();
  expect(act.stopAll).toHaveBeenCalledWith(true);
});

it('the entry that starts the program with the session quotes its path as desktops demand', () => {
  expect(desktopEntry('/opt/Opsdeck/opsdeck')).toContain('\nExec="/opt/Opsdeck/opsdeck"\n');
  expect(desktopEntry('/home/a $b/100%/x')).toContain('\nExec="/home/a \\\\$b/100%%/x"\n');
});
