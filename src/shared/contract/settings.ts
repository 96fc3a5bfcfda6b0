import { z } from 'zod';

/** The office's settings (provisional). */
export const officeSettings = z.object({
  timeZone: z.string(),
  vendorTimeZone: z.string().nullable(),
  updatedField: z.enum(['lastUpdatedTime', 'lastModifiedTime']),
  commissionField: z.string().nullable(),
  multiDealsField: z.string().nullable(),
  orderDateField: z.string().nullable(),
  deltaSeconds: z.number().int(),
  pageSize: z.number().int(),
  brakeShare: z.number(),
  brakeRows: z.number().int(),
  commissionChangeIsDuplicate: z.boolean(),
  adversusUrl: z.string().nullable(),
  adversusUser: z.string().nullable(),
});
