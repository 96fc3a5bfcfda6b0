import { z } from 'zod';

/** Screens that a notification or an `opsdeck://` link may open; one that this console does not have opens Health. */
export const linkScreens = [
  'today',
  'duplicates',
  'held',
  'rejected',
  'leaderboard',
  'packages',
  'tasks',
  'health',
  'settings',
] as const;

/** A place in the console: a screen, and where it fits one thing on it. */
export const linkTarget = z.object({
  screen: z.enum(linkScreens),
  /** A case on the duplicates screen. */
  id: z.number().int().positive().optional(),
});
export type LinkTarget = z.infer<typeof linkTarget>;

const linkText = z
  .string()
  .max(200)
  .regex(/^opsdeck:\/\/[a-z]+(?:\/[1-9]\d{0,14})?\/?$/);

/** Reads `opsdeck://duplicates/123`; null for anything else, which is opened nowhere. */
export function readLink(text: unknown): LinkTarget | null {
  const read = linkText.safeParse(text);
  if (!read.success) return null;
  const [screen, id] = read.data.slice('opsdeck://'.length).split('/');
  const target = linkTarget.safeParse({ screen, ...(id ? { id: Number(id) } : {}) });
  return target.success ? target.data : null;
}
