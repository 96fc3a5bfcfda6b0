import Database from 'better-sqlite3';

/** An open SQLite file. */
export type Sqlite = Database.Database;
/** A statement on it, parsed. */
export type Statement<Given extends unknown[], Row> = Database.Statement<Given, Row>;

/** Node-API level of better-sqlite3's own build; on an older one loading it ends the whole process. */
const napiOfPackage = 10;

/**
 * Opens a SQLite file. On a runtime too old for the package's own build (Electron 33) it loads the one named by
 * OPSDECK_SQLITE_BINDING, which `npm start` and `npm test` build and set; without one it throws instead of crashing.
 */
export function openSqlite(
  path: string,
  runtime: { napi: number; binding: string | undefined } = {
    napi: Number(process.versions.napi ?? 0),
    binding: process.env['OPSDECK_SQLITE_BINDING'],
  },
): Sqlite {
  if (runtime.napi >= napiOfPackage) return new Database(path);
  if (!runtime.binding) {
    throw new Error(
      `SQLite cannot be loaded here: this runtime has Node-API ${runtime.napi}, the module needs ${napiOfPackage}. ` +
        'Start with npm start, which builds one that fits.',
    );
  }
  return new Database(path, { nativeBinding: runtime.binding });
}
