/*
 * One name for a database and the life it is in, as `<database>/<life>`: what a console keeps outside (its local copy,
 * decisions not yet sent) belongs to both. The database part stays wherever a backup is restored to; the life is
 * another after every restore.
 */

export function identityOf(databaseId: string, epoch: string): string {
  return `${databaseId}/${epoch}`;
}

/** True for two lives of one database, also where one of them is unnamed. */
export function isSameDatabase(one: string, other: string): boolean {
  return databaseOf(one) === databaseOf(other);
}

/** The database an identity names. */
export function databaseOf(identity: string): string {
  return identity.split('/')[0] ?? '';
}

/** The life an identity names; empty where it names none. */
export function epochOf(identity: string): string {
  return identity.split('/')[1] ?? '';
}
