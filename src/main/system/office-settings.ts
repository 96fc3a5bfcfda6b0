import {
  officeDefaults,
  officeSettingKeys,
  officeSettings,
  type OfficeSettingKey,
  type OfficeSettings,
} from '../../shared/contract/settings.ts';
import type { Clock } from '../clock.ts';
import { OpsdeckError } from '../errors.ts';
import type { Database, Transaction } from '../storage/postgres.ts';
import { appendAudit } from './audit.ts';
import { appendChange } from './change-log.ts';

/** Settings as they apply, and why. */
export interface OfficeSettingsState {
  settings: OfficeSettings;
  /** Settings that the environment decides; a change of them is stored, but does not apply here. */
  overridden: OfficeSettingKey[];
  /** Stored settings that could not be read; their defaults apply. */
  unreadable: string[];
  /** To be named by a change; 0 before the first. */
  version: number;
}

/** Environment variables that win over a stored setting. */
const variables: Partial<Record<OfficeSettingKey, string>> = {
  timeZone: 'OPSDECK_TIME_ZONE',
  vendorTimeZone: 'OPSDECK_ADVERSUS_TIME_ZONE',
  updatedField: 'OPSDECK_ADVERSUS_UPDATED_FIELD',
  commissionField: 'OPSDECK_ADVERSUS_COMMISSION_FIELD',
  multiDealsField: 'OPSDECK_ADVERSUS_MULTI_DEALS_FIELD',
  orderDateField: 'OPSDECK_ADVERSUS_ORDER_DATE_FIELD',
  deltaSeconds: 'OPSDECK_DELTA_SECONDS',
  adversusUrl: 'OPSDECK_ADVERSUS_URL',
  adversusUser: 'OPSDECK_ADVERSUS_USER',
  roamifyUrl: 'OPSDECK_ROAMIFY_URL',
};

const allowed: Record<OfficeSettingKey, string> = {
  timeZone: 'the name of a time zone such as Europe/Stockholm',
  vendorTimeZone: 'the name of a time zone such as Europe/Stockholm',
  updatedField: 'lastUpdatedTime or lastModifiedTime',
  commissionField: 'the id or label of a field, at most 200 characters',
  multiDealsField: 'the id or label of a field, at most 200 characters',
  orderDateField: 'the id or label of a field, at most 200 characters',
  deltaSeconds: 'a whole number of seconds from 15 to 600',
  pageSize: 'a whole number from 10 to 1000',
  brakeShare: 'a number from 0.01 to 1',
  brakeRows: 'a whole number from 1 to 1000',
  commissionChangeIsDuplicate: 'true or false',
  backupHour: 'a whole hour from 0 to 23',
  archive: 'true or false',
  archiveAfterDays: 'a whole number of days from 60 to 3650',
  fairBest: 'true or false',
  fairImproved: 'true or false',
  fairRookieDays: 'a whole number of days from 0 to 365',
  fairHideLast: 'a whole number from 0 to 100',
  adversusUrl:
    'an http or https address without user, password and query, such as https://api.example.com/v1',
  adversusUser: 'a user name of at most 200 characters',
  roamifyUrl:
    'an http or https address without user, password and query, such as https://api-dev.getroamify.com',
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings as the environment gives them. CONFIG_INVALID names the variable, its value and what it may be. */
export function readEnvironmentSettings(env: Environment): Partial<OfficeSettings> {
  const given: Record<string, unknown> = {};
  for (const [key, variable] of Object.entries(variables) as [OfficeSettingKey, string][]) {
    const text = env[variable]?.trim();
    if (!text) continue;
    const isNumber = key === 'deltaSeconds' && /^\d+$/.test(text);
    const read = officeSettings.shape[key].safeParse(isNumber ? Number(text) : text);
    if (!read.success) {
      const shown = JSON.stringify(withoutSecrets(text));
      throw new OpsdeckError('CONFIG_INVALID', `${variable} is ${shown}, but has to be ${allowed[key]}.`);
    }
    given[key] = read.data;
  }
  return given;
}

/** People put passwords into addresses; what is shown of a wrong value has none, and stays short. */
function withoutSecrets(text: string): string {
  return text
    .replace(/^(\w+:\/\/)?.*@/s, '$1…@')
    .replace(/[?#].*$/s, '?…')
    .slice(0, 100);
}

/** The settings that apply here. Unreadable stored ones never stop the program; a wrong environment does. */
export async function readOfficeSettings(database: Database, env: Environment): Promise<OfficeSettingsState> {
  const fromEnvironment = readEnvironmentSettings(env);
  const found = await database.query<StoredRow>(
    `select value, version from system_config where key = 'office'`,
  );
  const { values, unreadable } = readStored(found.rows[0]?.value);
  return {
    settings: { ...officeDefaults, ...values, ...fromEnvironment },
    overridden: officeSettingKeys.filter((key) => key in fromEnvironment),
    unreadable,
    version: found.rows[0]?.version ?? 0,
  };
}

interface StoredRow {
  value: unknown;
  version: number;
}

/** Reads setting by setting, so that a bad one spoils no other. Unknown ones belong to a newer program. */
function readStored(value: unknown): { values: Partial<OfficeSettings>; unreadable: string[] } {
  const stored = asRecord(value);
  if (!stored) return { values: {}, unreadable: value === undefined ? [] : ['office'] };
  const values: Record<string, unknown> = {};
  const unreadable = Object.keys(stored).filter((key) => !Object.hasOwn(officeDefaults, key));
  for (const key of officeSettingKeys) {
    if (!Object.hasOwn(stored, key)) continue;
    const read = officeSettings.shape[key].safeParse(stored[key]);
    if (read.success) values[key] = read.data;
    else unreadable.push(key);
  }
  return { values, unreadable };
}

function asRecord(value: unknown): Record<string, unknown> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return value as Record<string, unknown>;
}

export interface SettingsChange {
  /** The version that the person looked at. */
  expectedVersion: number;
  actor: string;
  console: string;
  clock: Clock;
}

/**
 * Stores a change, with an audit entry and a change `settings`; answers the new version and what changed. BAD_REQUEST
 * for a value that is not allowed, CONFLICT when somebody else changed the settings meanwhile.
 */
export async function changeOfficeSettings(
  database: Database,
  patch: Partial<OfficeSettings>,
  by: SettingsChange,
): Promise<{ version: number; changed: OfficeSettingKey[] }> {
  const wanted = checkPatch(patch);
  return database.transaction(async (tx) => {
    const row = await lockSettings(tx);
    if (row.version !== by.expectedVersion) {
      throw new OpsdeckError(
        'CONFLICT',
        'Somebody else changed the settings meanwhile. Look at them as they are now, then change them again.',
      );
    }
    const { values } = readStored(row.value);
    const current: OfficeSettings = { ...officeDefaults, ...values };
    // One that could not be read is written even where it equals its default, which mends it.
    const changed = officeSettingKeys.filter(
      (key) => key in wanted && (wanted[key] !== current[key] || isBroken(row.value, values, key)),
    );
    if (changed.length === 0) return { version: row.version, changed };
    const after = pick(wanted, changed);
    await tx.query(
      `update system_config set value = $1, version = version + 1, updated_at = $2, updated_by = $3
        where key = 'office'`,
      [JSON.stringify({ ...asRecord(row.value), ...after }), by.clock.now(), by.actor],
    );
    await appendAudit(tx, {
      at: by.clock.now(),
      actor: by.actor,
      console: by.console,
      action: 'settings.change',
      target: 'office',
      before: pick(current, changed),
      after,
    });
    await appendChange(tx, 'settings', { keys: changed });
    return { version: row.version + 1, changed };
  });
}

/** Locks the row, made on first use so that two first changes cannot both be the first. */
async function lockSettings(tx: Transaction): Promise<StoredRow> {
  await tx.query(
    `insert into system_config (key, value, version, updated_by) values ('office', '{}', 0, '')
     on conflict (key) do nothing`,
  );
  const found = await tx.query<StoredRow>(
    `select value, version from system_config where key = 'office' for update`,
  );
  return found.rows[0]!;
}

function checkPatch(patch: Partial<OfficeSettings>): Partial<OfficeSettings> {
  const wanted: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(officeDefaults, key)) {
      throw new OpsdeckError('BAD_REQUEST', `There is no setting ${JSON.stringify(key.slice(0, 100))}.`);
    }
    const read = officeSettings.shape[key as OfficeSettingKey].safeParse(value);
    if (!read.success) {
      throw new OpsdeckError(
        'BAD_REQUEST',
        `The setting ${key} has to be ${allowed[key as OfficeSettingKey]}.`,
      );
    }
    wanted[key] = read.data;
  }
  return wanted;
}

function isBroken(stored: unknown, values: Partial<OfficeSettings>, key: OfficeSettingKey): boolean {
  const record = asRecord(stored);
  return record !== null && Object.hasOwn(record, key) && !Object.hasOwn(values, key);
}

function pick(from: Partial<OfficeSettings>, keys: readonly OfficeSettingKey[]): Partial<OfficeSettings> {
  return Object.fromEntries(keys.map((key) => [key, from[key]]));
}
