import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { changeSchema } from './changes.ts';
import { alertKindName } from './alerts.ts';
import { instant } from './deals.ts';
import { linkTarget } from './links.ts';
import { officeSettings } from './settings.ts';
import { hoursOfDay, volumeStep, wallCheers, wallPlan, wallTarget } from './wall-plan.ts';
import { displayName } from './wall-window.ts';

/** Who we are and what we are connected to. */
export const systemStatus = z.object({
  version: z.string(),
  workspace: z.enum(['sandbox', 'team', 'local']),
  operator: z.string(),
  /** Business time of main, so that ages on screen are counted from the same clock. */
  now: instant,
  database: z.object({
    kind: z.enum(['embedded', 'remote']),
    /** Host and database name, never user or password. */
    label: z.string(),
    away_since: instant.nullable(),
    message: z.string().nullable(),
  }),
  leader: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('leader'), term: z.number().int() }),
    z.object({ kind: z.literal('follower'), of: z.string().nullable() }),
  ]),
  /** Where the figures on screen come from; from the mirror, as of when they were last known to be true. */
  showing: z.discriminatedUnion('from', [
    z.object({ from: z.literal('database') }),
    z.object({ from: z.literal('mirror'), as_of: instant.nullable() }),
  ]),
  log_folder: z.string(),
  data_folder: z.string(),
});
export type SystemStatus = z.infer<typeof systemStatus>;

/**
 * Settings of this console alone; they live in its data folder. Without defaults in the schema: a partial one reads a
 * change, and what it does not name must stay as it is.
 */
export const consoleSettings = z.object({
  language: z.enum(['system', 'sv', 'en']),
  theme: z.enum(['system', 'light', 'dark']),
  /** The display the wall belongs on; null: the main one. */
  wallDisplay: displayName.nullable(),
  wallAtStart: z.boolean(),
  /** 0 to 100. */
  wallVolume: z.number().int().min(0).max(100),
  wallMuted: z.boolean(),
  /** Office hours without sound, HH:MM; may run over midnight. Null: none. */
  wallQuiet: hoursOfDay.nullable(),
  /** True: nothing slides or flies on the wall, whatever the system says. */
  wallCalm: z.boolean(),
  /** Kinds that raise no notification here; those that must not wait are told all the same. */
  alertsOff: z.array(alertKindName).max(50),
  /** Office hours in which only what is critical is told, HH:MM; may run over midnight. Null: none. */
  alertsQuiet: hoursOfDay.nullable(),
  /** Do not disturb: only what is critical is told. */
  alertsPaused: z.boolean(),
  /** Closing the window leaves the program in the tray, where there is one. */
  closeToTray: z.boolean(),
  startAtLogin: z.boolean(),
  /** The HTTP API for scripts on this computer, its port, and calls in 15 minutes for each token and group of paths. */
  httpOn: z.boolean(),
  httpPort: z.number().int().min(1024).max(65_535),
  httpCalls: z.number().int().min(1).max(100_000),
  /** What the wall shows by turns, for each display; without any it is today's board. */
  wallPlans: z.array(wallPlan).max(12),
  /** What a day is to bring; null: no target. */
  wallTarget: wallTarget.nullable(),
  wallCheers,
  /** Volume by time of day, in place of `wallVolume`. */
  wallVolumeSteps: z.array(volumeStep).max(8),
  /** The page of the wall is renewed when its process holds more than this, in MB. */
  wallMemoryMb: z.number().int().min(100).max(8000),
});
export type ConsoleSettings = z.infer<typeof consoleSettings>;

/** What holds until somebody sets something else. */
export const consoleDefaults: ConsoleSettings = {
  language: 'system',
  theme: 'system',
  wallDisplay: null,
  wallAtStart: false,
  wallVolume: 70,
  wallMuted: false,
  wallQuiet: null,
  wallCalm: false,
  alertsOff: [],
  alertsQuiet: null,
  alertsPaused: false,
  closeToTray: false,
  startAtLogin: false,
  httpOn: false,
  httpPort: 4180,
  httpCalls: 100,
  wallPlans: [],
  wallTarget: null,
  wallCheers: { big: null, first: false, target: false },
  wallVolumeSteps: [],
  wallMemoryMb: 600,
};

/** The office's settings, which of them the environment overrides, and the version a change must name. */
export const officeSettingsView = z.object({
  settings: officeSettings,
  overridden: z.array(z.string()),
  /** Stored values that could not be read; their defaults apply. */
  unreadable: z.array(z.string()),
  version: z.number().int(),
});
export type OfficeSettingsView = z.infer<typeof officeSettingsView>;

/** What the stream carries: changes in commit order, and what this console alone knows. */
export const streamEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('change'), change: changeSchema }),
  /** Sent first, and whenever leader, database or upstream state moved: fetch `status` and `sync.state` again. */
  z.object({ type: z.literal('status') }),
  /** Some changes could not be told one by one: fetch everything again. */
  z.object({ type: z.literal('reload') }),
  /** The office's day began anew: fetch today again. */
  z.object({ type: z.literal('day'), day: z.string() }),
  /** The wall was opened, closed or moved, or the displays changed: fetch `wallWindow.state` again. */
  z.object({ type: z.literal('wall') }),
  /** A decision was kept for later, sent, or came back: fetch `outbox.list` again. */
  z.object({ type: z.literal('outbox') }),
  /** Deals were read while the database is away, or such deals were saved: fetch today and `sync.state` again. */
  z.object({ type: z.literal('spool') }),
  /** Something was raised here, or is known to have been shown: fetch health again. */
  z.object({ type: z.literal('health') }),
  /** A notification or a link was clicked: go there. */
  z.object({ type: z.literal('open'), target: linkTarget }),
  /** The HTTP API was switched on or off, or could not be: fetch `httpApi.state` again. */
  z.object({ type: z.literal('http') }),
]);
export type StreamEvent = z.infer<typeof streamEvent>;

export const healthEvent = z.object({
  id: z.number().int(),
  event_type: z.enum(['INFO', 'WARNING', 'ERROR', 'SWITCH', 'CRITICAL']),
  message: z.string(),
  metadata: z.record(z.string(), z.unknown()),
  created_at: instant,
});

export const systemContract = {
  status: oc.output(systemStatus),
  changes: oc.output(eventIterator(streamEvent)),
  healthEvents: oc
    .input(z.object({ limit: z.number().int().min(1).max(200).default(50) }))
    .output(z.array(healthEvent)),
  officeSettings: oc.output(officeSettingsView),
  changeOfficeSettings: oc
    .input(z.object({ patch: officeSettings.partial(), version: z.number().int() }))
    .output(officeSettingsView),
  consoleSettings: oc.output(consoleSettings),
  changeConsoleSettings: oc.input(consoleSettings.partial()).output(consoleSettings),
  openLogFolder: oc.output(z.object({ opened: z.boolean() })),
  invalidateCache: oc.output(z.object({ success: z.boolean() })),
};
