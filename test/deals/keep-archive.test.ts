import { expect, it } from 'vitest';
import { noteArchiveRun, readArchiveRun } from '../../src/main/deals/archive-store.ts';
import { keepArchive } from '../../src/main/deals/archive/keep-archive.ts';
import { describeSchedules } from '../../src/main/schedules-answers.ts';
import { allOn, changeSwitches } from '../../src/main/system/schedule-switches.ts';
import { silentLog, usePassOffice, type PassOffice } from './pass-office.ts';

const office = usePassOffice();

function schedules(at: PassOffice, archive: boolean, switches = allOn) {
  return describeSchedules({
    ...{ database: at.database, wallMs: at.clock.wall(), switches, plan: null, leads: true },
    ...{ next: () => null, running: () => false, archive },
  });
}
const listed = async (...asked: Parameters<typeof schedules>) =>
  (await schedules(...asked)).jobs.find(({ name }) => name === 'archive');

it('is a job among the others, with how it went last, where the office archives', async () => {
  const at = office.it;
  expect(await listed(at, true)).toMatchObject({ state: 'on', every_seconds: 3_600, last: null });
  const last = { at: at.clock.now().toISOString(), state: 'failed', message: 'why' } as const;
  await noteArchiveRun(at.database, last);
  await noteArchiveRun(at.database, { ...last, state: 'complete', message: null });
  expect(await listed(at, true)).toMatchObject({ last: { ...last, state: 'complete', message: null } });
  expect(await listed(at, false)).toBeUndefined();
  const by = { actor: 'anna', at: at.clock.now() };
  const stopped = changeSwitches(allOn, { kind: 'stop-all' }, by);
  expect(await listed(at, true, stopped)).toMatchObject({ state: 'stopped', by: 'anna' });
});

it('does not look by itself while it is switched off, and notes what a person ran', async () => {
  const at = office.it;
  let isOn = false;
  const archive = keepArchive({
    ...{ database: at.database, clock: at.clock, permits: at.deps, console: 'test', log: silentLog },
    ...{ leads: () => true, term: () => null, isOn: () => isOn },
    settings: () => ({ ...at.settings, archive: true, archiveAfterDays: 365 }),
  });
  expect(archive.next()).toBeNull();
  isOn = true;
  expect(archive.next()).toBeGreaterThan(at.clock.wall());
  const ended = new Promise<void>((resolve) => {
    archive.subscribe((move) => void (move.stage === 'ended' && resolve()));
  });
  expect(archive.start('archiving', 'anna')).toBe(true);
  expect(archive.running()).toBe('archiving');
  await ended;
  expect(await readArchiveRun(at.database)).toMatchObject({ state: 'complete' });
  await archive.close();
});
