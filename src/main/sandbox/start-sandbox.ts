import { startAdversus, type AdversusOptions, type AdversusSandbox } from './adversus/start-adversus.ts';
import { startDirectory, type DirectoryOptions, type DirectorySandbox } from './directory/start-directory.ts';
import { fieldIds, fieldLabels } from './adversus/people.ts';
import { openLiveMemory } from './live-memory.ts';
import { startRoamify, type RoamifyOptions, type RoamifySandbox } from './roamify/start-roamify.ts';
import { createSandboxClock, type SandboxClock } from './sandbox-clock.ts';

export interface SandboxOptions {
  seed?: string | number;
  clock?: SandboxClock;
  /** The office's time zone, and that of the vendors' accounts. */
  timeZone?: string;
  /** A JSON file that remembers which live deals came in, so that a restart brings them back. */
  memoryFile?: string;
  adversus?: Omit<AdversusOptions, 'seed' | 'clock' | 'timeZone' | 'liveBefore' | 'onLive'>;
  directory?: Omit<DirectoryOptions, 'seed' | 'clock'>;
  roamify?: Omit<RoamifyOptions, 'seed' | 'clock'>;
}

export interface Sandbox {
  readonly clock: SandboxClock;
  readonly adversus: AdversusSandbox;
  readonly directory: DirectorySandbox;
  readonly roamify: RoamifySandbox;
  readonly urls: Readonly<Record<'adversus' | 'directory' | 'roamify', string>>;
  /** What a console needs in its environment to work against this sandbox. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Starts every simulated upstream on loopback, all on one clock. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { timeZone = 'Europe/Stockholm', seed, memoryFile } = options;
  const clock = options.clock ?? createSandboxClock();
  const memory = memoryFile === undefined ? undefined : openLiveMemory(memoryFile, clock.now());
  const adversus = await startAdversus({
    ...options.adversus,
    clock,
    timeZone,
    ...(seed === undefined ? {} : { seed }),
    ...(memory === undefined ? {} : { liveBefore: memory.before, onLive: memory.note }),
  });
  const directory = await startDirectory({
    ...options.directory,
    clock,
    ...(seed === undefined ? {} : { seed }),
  }).catch(async (error: unknown) => {
    await adversus.close();
    throw error;
  });
  const roamify = await startRoamify({
    ...options.roamify,
    clock,
    ...(seed === undefined ? {} : { seed }),
  }).catch(async (error: unknown) => {
    await Promise.all([adversus.close(), directory.close()]);
    throw error;
  });
  return {
    clock,
    adversus,
    directory,
    roamify,
    urls: { adversus: adversus.url, directory: directory.url, roamify: roamify.url },
    environment: {
      OPSDECK_TIME_ZONE: timeZone,
      ...adversusEnvironment(adversus, timeZone),
      OPSDECK_DIRECTORY_URL: directory.url,
      OPSDECK_DIRECTORY_TOKEN: directory.token,
      OPSDECK_ROAMIFY_URL: roamify.url,
      OPSDECK_ROAMIFY_TOKEN: roamify.token,
    },
    close: async () => void (await Promise.all([adversus.close(), directory.close(), roamify.close()])),
  };
}

function adversusEnvironment({ url, user, password, switches }: AdversusSandbox, timeZone: string) {
  // Stamps without a zone are to be read in the zone the vendor means.
  const vendorZone = switches.current.stampFormat === 'utc-bare' ? 'UTC' : timeZone;
  return {
    OPSDECK_ADVERSUS_URL: url,
    OPSDECK_ADVERSUS_USER: user,
    OPSDECK_ADVERSUS_PASSWORD: password,
    OPSDECK_ADVERSUS_TIME_ZONE: vendorZone,
    OPSDECK_ADVERSUS_UPDATED_FIELD: switches.current.stampField,
    OPSDECK_ADVERSUS_COMMISSION_FIELD: String(fieldIds.commission),
    OPSDECK_ADVERSUS_MULTI_DEALS_FIELD: String(fieldIds.multiDeals),
    OPSDECK_ADVERSUS_ORDER_DATE_FIELD: fieldLabels.orderDate,
  };
}
