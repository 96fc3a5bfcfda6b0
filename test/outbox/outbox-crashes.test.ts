import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyAudit } from '../../src/main/system/audit.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { databaseId, makeLeads, openCases, openOutbox, round, sendTo } from './outbox-office.ts';

const points = [
  'before-local-commit',
  'after-local-commit',
  'before-server-commit',
  'after-server-commit',
  'before-mark',
  'during-mark',
  'after-mark',
];
const kills = Number(process.env['OPSDECK_OUTBOX_KILLS'] ?? 1);

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await makeLeads(database);
});
afterAll(() => database.drop());

function crash(path: string, caseId: number, point: string): Promise<string> {
  const script = join(import.meta.dirname, 'crash-console.ts');
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [script, path, database.url, String(caseId), point],
      (error, stdout, stderr) => {
        if (child.signalCode === 'SIGKILL') resolve(stdout);
        else reject(new Error(`ended by itself at ${point}: ${stderr} ${String(error)}`));
      },
    );
  });
}

it.each(points)('a console killed %s loses no decision and does none twice (OB-2)', async (point) => {
  for (let kill = 0; kill < kills; kill += 1) {
    const [one] = await openCases(database, 1);
    const path = join(mkdtempSync(join(tmpdir(), 'opsdeck-outbox-')), 'durable.sqlite');
    const said = /saved (\S+)/.exec(await crash(path, one!.id, point))?.[1];
    expect(said === undefined).toBe(point === 'before-local-commit');

    const { outbox, durable } = openOutbox(path);
    const rounds = [await round(outbox, sendTo(database)), await round(outbox, sendTo(database))];
    expect(rounds.map(({ ended }) => ended)).toEqual(['empty', 'empty']);
    const kept = outbox.list(databaseId);
    durable.close();

    const done = await database.query<{ deals: number; entries: number; applied: string[] }>(
      `select (select count(*)::int from deals d where d.lead_id = p.lead_id) as deals,
              (select count(*)::int from audit_log where target = 'duplicate:' || p.id) as entries,
              array(select decision_id::text from applied_decisions a where a.duplicate_id = p.id) as applied
         from pending_duplicates p where id = $1`,
      [one!.id],
    );
    if (said === undefined) {
      expect(kept).toEqual([]);
      expect(done.rows).toEqual([{ deals: 1, entries: 0, applied: [] }]);
    } else {
      expect(kept).toMatchObject([{ decision_id: said, state: 'applied', outcome: { kind: 'done' } }]);
      expect(done.rows).toEqual([{ deals: 2, entries: 1, applied: [said] }]);
    }
  }
  expect(await verifyAudit(database)).toMatchObject({ ok: true });
});
