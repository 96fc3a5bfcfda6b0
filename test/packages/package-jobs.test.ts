import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { officeDefaults } from '../../src/shared/contract/settings.ts';
import { latestDue, startPackageJobs, type PackageJobs } from '../../src/main/packages/package-jobs.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { openPackageOffice, type PackageOffice } from './package-office.ts';

const dayMs = 86_400_000;

describe('the latest instant of a daily job', () => {
  const instants = fc.tuple(fc.integer({ min: 1e12, max: 4e12 }), fc.integer({ min: 0, max: 1_439 }));
  const isRight = (due: number, [wall, minute]: [number, number]) =>
    due <= wall && wall - due < dayMs && (due / 60_000) % 1_440 === minute;

  it('lies within the last 24 hours, at its minute of UTC', () => {
    fc.assert(
      fc.property(instants, (at) => isRight(latestDue(...at), at)),
      { numRuns: 5_000 },
    );
  });

  it('would lie in the future by taking today’s (mutant)', () => {
    const naive = (wall: number, minute: number) => Math.floor(wall / dayMs) * dayMs + minute * 60_000;
    const found = fc.check(fc.property(instants, (at) => isRight(naive(...at), at)));
    expect(found.failed).toBe(true);
  });
});

describe('what runs by itself over packages', () => {
  let office: PackageOffice;
  let clock: FakeClock;
  let jobs: PackageJobs;
  let leads: boolean;
  let off: Set<string>;
  let missing: string[];

  beforeEach(async () => {
    office = await openPackageOffice({ vendor: { size: 60 } });
    // The database's own clock is the real one; at noon no job comes due in between.
    clock = createFakeClock(new Date(latestDue(Date.now(), 720)).toISOString());
    [leads, off, missing] = [true, new Set(), []];
    jobs = startPackageJobs({
      ...office.deps,
      clock: {
        ...office.deps.clock,
        wall: clock.wall,
        // Pauses between two looks; a permit is kept by the real clock.
        sleep: (ms, signal) => (ms >= 15_000 ? clock : office.deps.clock).sleep(ms, signal),
      },
      missing: () => missing,
      leads: () => leads,
      term: () => null,
      settings: () => officeDefaults,
      isOn: (job) => !off.has(job),
    });
  });
  afterEach(async () => {
    await jobs.close();
    await office.close();
  });

  const runs = () => office.count('sync_runs');
  const points = () => office.count('package_health', `trigger = 'schedule'`);
  /** Looks as often as that, each to its end. */
  async function look(times: number): Promise<void> {
    for (let time = 0; time < times; time++) {
      await clock.advance(30_000);
      // A clock that went on in the middle of a pass would cost it its permit.
      while (clock.sleeping === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  const longAgo = async () => {
    await office.database.query(`update sync_runs set started_at = started_at - interval '2 days'`);
    await office.database.query(`update package_health set done_at = done_at - interval '2 days'`);
  };

  it('is a pass and a validation, once a day each', async () => {
    await look(4);
    expect(await runs()).toBe(1);
    // The pass brought everything in, and validated it.
    expect(await office.count('package_health')).toBe(1);
    expect(await points()).toBe(0);
    expect(await office.count('packages')).toBe(office.vendor.catalogue.ids.length);
    await longAgo();
    await look(3);
    expect(await runs()).toBe(2);
    expect(await points()).toBe(1);
  });

  it('is nothing where another process leads, no supplier is configured, or a person switched it off', async () => {
    leads = false;
    await look(2);
    [leads, missing] = [true, ['OPSDECK_ROAMIFY_TOKEN']];
    await look(2);
    expect(await jobs.next()).toEqual({ pass: null, validation: null });
    missing = [];
    off = new Set(['packages', 'packages-validation']);
    await look(2);
    expect([await runs(), await points(), office.vendor.log.all.length]).toEqual([0, 0, 0]);
    off = new Set(['packages-validation']);
    await look(2);
    expect([await runs(), await points()]).toEqual([1, 0]);
  });

  it('waits longer after each failure, and begins anew when it went well', async () => {
    const fault = office.vendor.faults.add({ path: '/packages', do: { kind: 'html' } });
    await look(1);
    expect(await runs()).toBe(1);
    await look(1);
    expect(await runs()).toBe(1);
    await look(2);
    expect(await runs()).toBe(2);
    // Two minutes now.
    await look(2);
    expect(await runs()).toBe(2);
    fault.remove();
    await look(3);
    expect(await office.count('sync_runs', `state = 'complete'`)).toBe(1);
  });

  it('tells when it runs next: at once while it is due, else at its minute of tomorrow', async () => {
    expect((await jobs.next()).pass).toBe(clock.wall());
    await look(2);
    const { pass, validation } = await jobs.next();
    expect(pass).toBe(latestDue(clock.wall(), 90) + dayMs);
    expect(validation).toBe(latestDue(clock.wall(), 120) + dayMs);
  });

  it('can be cancelled by a person; stopping what the schedule began leaves a person’s pass alone', async () => {
    await look(2);
    office.vendor.faults.add({ path: '/packages', do: { kind: 'hang' } });
    const stages: string[] = [];
    jobs.subscribe(({ stage }) => stages.push(stage));
    const running = jobs.run();
    running.catch(() => {});
    while (!stages.includes('reading')) await new Promise((resolve) => setTimeout(resolve, 10));
    await expect(jobs.run()).rejects.toMatchObject({ code: 'SYNC_BUSY' });
    jobs.stopScheduled();
    expect(jobs.running()).not.toBeNull();
    expect(jobs.cancel()).toBe(true);
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(jobs.running()).toBeNull();
    expect(jobs.cancel()).toBe(false);
  });
});
