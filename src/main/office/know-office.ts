import type { JobName } from '../../shared/contract/schedules.ts';
import type { OfficeSettings } from '../../shared/contract/settings.ts';
import type { PassPlan } from '../deals/plan-passes.ts';
import { readPassPlan } from '../deals/read-pass-plan.ts';
import { switchOf, type ScheduleSwitches } from '../system/schedule-switches.ts';
import { readSwitches } from '../system/schedules-store.ts';
import type { Workspace } from '../workspace.ts';

/** What this process goes by, as last read: the office's settings, its plan of passes, and what people switched off. */
export interface Office {
  settings(): OfficeSettings;
  plan(): PassPlan;
  switches(): ScheduleSwitches;
  isOn(job: JobName): boolean;
  /** Reads settings and switches anew. */
  readSettings(): Promise<void>;
  /** Plans the passes anew, by what the vendor's calls and the last passes allow. */
  readPlan(): Promise<void>;
  /** Takes switches that were just read or stored. */
  obey(switches: ScheduleSwitches): void;
}

/** Reads them all for the first time. `onSwitches` is called with each later state, and whether it stops everything now. */
export async function knowOffice(
  workspace: Workspace,
  onSwitches: (stopsNow: boolean) => void,
): Promise<Office> {
  const { database } = workspace;
  const { clock } = workspace.passes;
  let { settings } = await workspace.settings();
  let plan = await readPassPlan(database, settings.deltaSeconds);
  let switches = await readSwitches(database);

  function obey(now: ScheduleSwitches): void {
    const stopsNow = now.stopped !== null && switches.stopped === null;
    switches = now;
    onSwitches(stopsNow);
  }

  return {
    settings: () => settings,
    plan: () => plan,
    switches: () => switches,
    isOn: (job) => switchOf(switches, job, clock.wall()).state === 'on',
    async readSettings() {
      ({ settings } = await workspace.settings());
      obey(await readSwitches(database));
    },
    async readPlan() {
      plan = await readPassPlan(database, settings.deltaSeconds);
    },
    obey,
  };
}
