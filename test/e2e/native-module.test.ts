import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildConsole, launchConsole } from './launch-console.ts';

test('SQLite as the bootstrap prepared it opens a file inside the real Electron', async () => {
  await buildConsole('fake');
  const console = await launchConsole({ program: 'fake' });
  const root = join(import.meta.dirname, '../..');
  const found = await console.app.evaluate(
    (_electron, folders) => {
      const require = process.getBuiltinModule('node:module').createRequire(`${folders.root}/package.json`);
      const SqliteDatabase = require('better-sqlite3') as typeof import('better-sqlite3');
      const binding = process.env['OPSDECK_SQLITE_BINDING'];
      const tooOld = Number(process.versions.napi) < 10;
      // Loading the wrong build would end the process, and this test with it.
      if (tooOld && !binding) return 'no build for this Electron';
      const database = new SqliteDatabase(
        `${folders.data}/probe.db`,
        tooOld && binding ? { nativeBinding: binding } : {},
      );
      const row = database.prepare('select sqlite_version() as version').get();
      database.close();
      return row;
    },
    { root, data: console.dataFolder },
  );
  await console.close();
  expect(found).toEqual({ version: expect.stringMatching(/^3\./) });
});
