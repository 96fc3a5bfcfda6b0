/** The name a process's connections carry, by which others can tell that it lives. At most 63 bytes count. */
export function connectionName(kind: string, processId: string): string {
  return `opsdeck ${kind} ${processId}`;
}

/**
 * True, in SQL, for a process that was killed: it is on the list of processes, and has no connection any more. A living
 * one always has, since its heart beats every 10 s, well within a connection's idle time; a frozen one has too.
 */
export function wasKilled(processIdColumn: string): string {
  return `(exists (select from processes killed where killed.id = ${processIdColumn})
    and not exists (select from pg_stat_activity alive where alive.application_name like '% ' || ${processIdColumn}))`;
}
