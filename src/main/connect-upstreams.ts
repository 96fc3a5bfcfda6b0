import type { OfficeSettings } from '../shared/contract/settings.ts';
import type { Clock } from './clock.ts';
import { adversusAccount, createAdversusClient } from './deals/adversus-client.ts';
import type { PassDeps } from './deals/run-pass.ts';
import type { Learned } from './deals/ways-to-ask.ts';
import { notConfigured, OpsdeckError } from './errors.ts';
import type { Log } from './log.ts';
import { createRoamifyClient, roamifyUrl } from './packages/roamify-client.ts';
import type { PackageDeps } from './packages/run-catalogue-pass.ts';
import type { Database } from './storage/postgres.ts';
import type { Meter } from './system/meter.ts';
import { adversusLimits, createCallBudget, type CallBudget } from './upstream/call-budget.ts';

/**
 * Clients of the account over deals and messages, made anew for each pass, and the call budget that all processes share.
 * The password comes from the environment only. `connect` refuses with CONFIG_INVALID what is not configured.
 */
export function connectAdversus(parts: {
  database: Database;
  clock: Clock;
  environment: Readonly<Record<string, string | undefined>>;
  processId: string;
  meter: Meter;
  log: Log;
}) {
  const { database, clock, processId } = parts;
  const fetch = parts.meter.fetch('adversus', globalThis.fetch);
  /** What the vendor refused, so that it is not asked for wrongly once a pass; and under which settings. */
  let learned: Learned = { mostPerPage: {} };
  let learnedUnder = '';
  let callsMade = 0;

  const budget = (settings: OfficeSettings): CallBudget | null =>
    settings.adversusUrl && settings.adversusUser
      ? createCallBudget({
          database,
          clock,
          account: adversusAccount(settings.adversusUser),
          limits: adversusLimits,
          processId,
        })
      : null;

  return {
    budget,
    callsMade: () => callsMade,
    connect(settings: OfficeSettings, own?: CallBudget): ReturnType<PassDeps['connect']> {
      const { adversusUrl, adversusUser, updatedField, pageSize } = settings;
      const password = parts.environment['OPSDECK_ADVERSUS_PASSWORD'];
      const calls = own ?? budget(settings);
      if (!adversusUrl || !adversusUser || !password || !calls)
        throw notConfigured(missingAdversus(settings, parts.environment));
      const under = JSON.stringify([adversusUrl, adversusUser, updatedField, pageSize]);
      if (learnedUnder !== under) learned = { mostPerPage: {} };
      learnedUnder = under;
      let made = 0;
      const client = createAdversusClient({
        baseUrl: adversusUrl,
        user: adversusUser,
        password,
        budget: calls,
        clock,
        updatedField,
        learned,
        onSmallerPages: (resource, most) =>
          parts.log.warn(
            `Adversus refuses ${pageSize} ${resource} a page; ${most} are asked for from now on. Set the page size ` +
              `to ${most} in the settings to spare the refused calls.`,
          ),
        fetch: (url, init) => ((made += 1), (callsMade += 1), fetch(url, init)),
      });
      return { client, calls: () => made };
    },
  };
}

/** The supplier of packages: its address is a setting, its key comes from the environment only. */
export function connectRoamify(
  environment: Readonly<Record<string, string | undefined>>,
  clock: Clock,
  meter: Meter,
): Pick<PackageDeps, 'missing' | 'connect'> {
  const token = environment['OPSDECK_ROAMIFY_TOKEN']?.trim();
  return {
    missing: () => (token ? [] : ['OPSDECK_ROAMIFY_TOKEN']),
    connect(settings) {
      if (!token) {
        throw new OpsdeckError(
          'CONFIG_INVALID',
          'No Roamify account is configured: OPSDECK_ROAMIFY_TOKEN missing. Set it, or set OPSDECK_SANDBOX=1 to work with simulated data.',
        );
      }
      return createRoamifyClient({
        baseUrl: settings.roamifyUrl ?? roamifyUrl,
        ...{ token, clock, fetch: meter.fetch('roamify', globalThis.fetch) },
      });
    },
  };
}

/** Names of what is missing to read deals and messages: none when it is configured. */
export function missingAdversus(
  settings: OfficeSettings,
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  return [
    ...(settings.adversusUrl ? [] : ['OPSDECK_ADVERSUS_URL']),
    ...(settings.adversusUser ? [] : ['OPSDECK_ADVERSUS_USER']),
    ...(environment['OPSDECK_ADVERSUS_PASSWORD'] ? [] : ['OPSDECK_ADVERSUS_PASSWORD']),
  ];
}
