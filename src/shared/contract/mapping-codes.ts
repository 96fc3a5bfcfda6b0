/**
 * Why a record of the vendor was set aside instead of becoming a deal, a message or an agent. Closed list; the
 * screens have the words.
 *
 * - `record`: not an object
 * - `id`: no id, or not a positive whole number
 * - `status`: a lead whose status is missing or not text
 * - `type`: a message whose type is missing or not text
 * - `no-agent`: nobody is named as the agent
 * - `bad-agent`: the agent is not a positive whole number of 32 bits
 * - `bad-fields`: resultData or masterData is not a list, or of more entries than any lead has
 * - `commission`: given, but not a number of at most twelve digits before the point
 * - `order-date`: given, but neither a day nor a time of the years 2000 to 2100
 * - `updated`: no readable last-updated time
 * - `receiver`: a message whose receiver is not a telephone number
 * - `timestamp`: a message without a readable time
 * - `price`, `days`, `data`: a package whose price, days or data amount is missing or unreadable
 */
export const rejectReasons = [
  'record',
  'id',
  'status',
  'type',
  'no-agent',
  'bad-agent',
  'bad-fields',
  'commission',
  'order-date',
  'updated',
  'receiver',
  'timestamp',
  'price',
  'days',
  'data',
] as const;

export type RejectReason = (typeof rejectReasons)[number];

/**
 * What the mapping had to decide about a deal that it did accept; shown with the deal. Closed list.
 *
 * - `campaign-name`: the campaign was given, but not by its id (the vendor sometimes sends the name); left empty
 * - `multi-deals-unreadable`: not digits only, so it counts as one deal
 * - `order-date-missing`: none given, so the lead's last-updated time at first sight stands in
 */
export const noteCodes = ['campaign-name', 'multi-deals-unreadable', 'order-date-missing'] as const;

export type NoteCode = (typeof noteCodes)[number];
