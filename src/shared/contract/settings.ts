import { z } from 'zod';
import { isTimeZone } from '../business-day.ts';

const zone = z.string().max(100).refine(isTimeZone);
/** A custom field of the vendor: its id or its label. */
const field = z.string().trim().min(1).max(200);

/** An address of an upstream; user and password have no place in it, since settings are shown and logged. */
const address = z
  .string()
  .trim()
  .max(500)
  .refine((text) => {
    if (!URL.canParse(text)) return false;
    const url = new URL(text);
    return /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search;
  })
  .transform((text) => text.replace(/\/+$/, ''));

/**
 * The office's settings, the same for every console. Without defaults in the schema: a partial one reads a change,
 * and what it does not name must stay as it is. Passwords and tokens are never here.
 */
export const officeSettings = z.object({
  /** The office's IANA zone: what "today" is. */
  timeZone: zone,
  /** Zone of the vendor's stamps without one; null: the office's. */
  vendorTimeZone: zone.nullable(),
  /** Which stamp the vendor's leads are read by. */
  updatedField: z.enum(['lastUpdatedTime', 'lastModifiedTime']),
  commissionField: field.nullable(),
  multiDealsField: field.nullable(),
  orderDateField: field.nullable(),
  /** Within how many seconds a new deal is to be seen; delta passes start at three quarters of it. */
  deltaSeconds: z.number().int().min(15).max(600),
  /** Records asked for in one page. */
  pageSize: z.number().int().min(10).max(1000),
  /** A pass that would remove more than this share of the deals *and* more than `brakeRows` waits for a person. */
  brakeShare: z.number().min(0.01).max(1),
  brakeRows: z.number().int().min(1).max(1000),
  /** Whether a change from one commission to another waits for a person. */
  commissionChangeIsDuplicate: z.boolean(),
  /** The hour of the office's day from which the daily backup is made. */
  backupHour: z.number().int().min(0).max(23),
  /** Whether settled deals older than so many days move to the archive, which boards count like the others. */
  archive: z.boolean(),
  archiveAfterDays: z.number().int().min(60).max(3650),
  /** Fair boards: what is marked, how many days an agent is a rookie (0: nobody), how many last places are not named. */
  fairBest: z.boolean(),
  fairImproved: z.boolean(),
  fairRookieDays: z.number().int().min(0).max(365),
  fairHideLast: z.number().int().min(0).max(100),
  /** With the version: https://…/v1. */
  adversusUrl: address.nullable(),
  adversusUser: z.string().trim().min(1).max(200).nullable(),
  /** Null: the supplier's production host. */
  roamifyUrl: address.nullable(),
});
export type OfficeSettings = z.infer<typeof officeSettings>;
export type OfficeSettingKey = keyof OfficeSettings;

/** What holds until somebody sets something else. */
export const officeDefaults: OfficeSettings = {
  timeZone: 'Europe/Stockholm',
  vendorTimeZone: null,
  updatedField: 'lastUpdatedTime',
  commissionField: null,
  multiDealsField: null,
  orderDateField: null,
  deltaSeconds: 120,
  pageSize: 1000,
  brakeShare: 0.05,
  brakeRows: 20,
  commissionChangeIsDuplicate: false,
  backupHour: 3,
  archive: true,
  archiveAfterDays: 365,
  fairBest: false,
  fairImproved: false,
  fairRookieDays: 0,
  fairHideLast: 0,
  adversusUrl: null,
  adversusUser: null,
  roamifyUrl: null,
};

export const officeSettingKeys = Object.keys(officeDefaults) as OfficeSettingKey[];
