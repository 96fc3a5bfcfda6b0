import { oc } from '@orpc/contract';
import { z } from 'zod';
import { instant } from './deals.ts';

const count = z.number().int().nonnegative();

/** What a diagnostics file is made of, in the order in which it stands in it. */
export const diagnosticParts = [
  'about',
  'program',
  'configuration',
  'console',
  'database',
  'upstreams',
  'sync-runs',
  'health',
  'schedules',
  'mode-and-tasks',
  'performance',
  'log-console',
  'log-agent',
  'log-cli',
] as const;
export type DiagnosticPart = (typeof diagnosticParts)[number];

/** A file made and not yet saved. */
export const preparedDiagnostics = z.object({
  id: z.uuid(),
  made_at: instant,
  /** Of the whole file, packed. */
  bytes: count,
  parts: z.array(
    z.object({
      part: z.enum(diagnosticParts),
      /** Unpacked. */
      bytes: count,
      /** Why it could not be gathered, as a sentence; null: it could. */
      missing: z.string().nullable(),
    }),
  ),
});
export type PreparedDiagnostics = z.infer<typeof preparedDiagnostics>;

/** A file for whoever is asked for help: how the program is, without secrets and without anything about people. */
export const diagnosticsContract = {
  /** Puts it together and tells what is in it. The latest is kept until it is saved or the program ends. */
  prepare: oc.output(preparedDiagnostics),
  /** Asks a person where to save exactly what was told; null: they thought better of it. NOT_FOUND when a later one was made. */
  save: oc.input(z.object({ id: z.uuid() })).output(z.object({ path: z.string().nullable(), bytes: count })),
};
