import type { HealthLog } from '../system/health-log.ts';

export interface DatabaseWatch {
  /** Says since when the database is away; null: it answers. */
  note(awaySince: Date | null): void;
}

/** Tells once that the database went away from this console, and once that it is back. */
export function watchDatabase(parts: {
  health: Pick<HealthLog, 'raise'>;
  host: string;
  /** True where an earlier run of this console left it as away. */
  wasAway(incident: string): boolean;
}): DatabaseWatch {
  const metadata = { kind: 'database-away', subject: parts.host } as const;
  let isAway: boolean | null = null;
  return {
    note(awaySince) {
      const now = awaySince !== null;
      const before = isAway ?? parts.wasAway(`${metadata.kind}:${metadata.subject}`);
      isAway = now;
      if (now === before) return;
      if (now) parts.health.raise('ERROR', `The database does not answer ${parts.host}.`, metadata);
      else
        parts.health.raise('INFO', `The database answers ${parts.host} again.`, {
          ...metadata,
          solved: true,
        });
    },
  };
}
