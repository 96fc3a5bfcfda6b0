import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LegacyEvent } from '../../../src/shared/contract/legacy.ts';
import { legacyFiles } from '../../../src/main/deals/legacy/import-legacy.ts';
import { runImports, type Imports } from '../../../src/main/deals/legacy/run-imports.ts';
import { choose, importFolders, start, view } from '../../../src/main/legacy-answers.ts';
import type { Operations } from '../../../src/main/operations.ts';
import { silentLog, usePassOffice, type PassOffice } from '../pass-office.ts';

const office = usePassOffice();

const old = (n: number) => ({
  ...{ leadId: 900_000 + n, userId: 101, commission: '10', multiDeals: '1', status: 'success' },
  orderDate: '2026-10-05T08:00:00Z',
});

function folderOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'opsdeck-imports-'));
  writeFileSync(join(folder, legacyFiles.deals), text);
  return folder;
}

function importsOf(at: PassOffice): Imports {
  const { database, clock, deps, settings } = at;
  return runImports({
    ...{ database, clock, permits: deps, waitMs: 10_000, log: silentLog, console: 'test' },
    settings: () => settings,
  });
}

/** Begins one and answers all that was told of it. */
async function told(imports: Imports, asked: Parameters<Imports['start']>[0]): Promise<LegacyEvent[]> {
  const events: LegacyEvent[] = [];
  await new Promise<void>((resolve) => {
    imports.subscribe((event) => (events.push(event), event.stage === 'ended' ? resolve() : undefined));
    imports.start(asked);
  });
  return events;
}

const stored = (at: PassOffice) => at.one<number>('select count(*)::int from deals');

describe('an import asked for on screen', () => {
  it('is rehearsed without writing or copying, then done, its files copied aside first', async () => {
    const { it: at } = office;
    const folder = folderOf(JSON.stringify([old(1), old(2), { ...old(3), commission: 'much' }]));
    const copies = join(folder, 'copies');
    const imports = importsOf(at);
    const rehearsed = await told(imports, { folder, copies, dryRun: true, actor: 'anna' });
    expect(rehearsed.at(-1)).toMatchObject({
      ...{ stage: 'ended', dry_run: true, outcome: 'done' },
      counts: { deals: { read: 3, inserted: 2, rejected: 1 } },
    });
    expect(await stored(at)).toBe(0);
    expect(existsSync(copies)).toBe(false);
    const done = await told(imports, { folder, copies, dryRun: false, actor: 'anna' });
    expect(done.at(-1)).toMatchObject({
      dry_run: false,
      outcome: 'done',
      counts: { deals: { inserted: 2 } },
    });
    expect(done.map((event) => event.stage)).toContain('copying');
    expect(await stored(at)).toBe(2);
    expect(readdirSync(copies)).toHaveLength(1);
    expect(imports.state()).toMatchObject({ running: null, last: done.at(-1) });
    expect(await at.rows('select actor, action from audit_log')).toEqual([
      { actor: 'anna', action: 'legacy.import' },
    ]);
  });

  it('ends with a sentence for a broken file, and changes nothing', async () => {
    const { it: at } = office;
    const folder = folderOf(JSON.stringify([old(1), old(2)]).slice(0, -20));
    const events = await told(importsOf(at), { folder, copies: folder, dryRun: false, actor: 'anna' });
    expect(events.at(-1)).toMatchObject({ outcome: 'failed', counts: null });
    expect(events.at(-1)).toHaveProperty('message', expect.stringContaining(legacyFiles.deals));
    expect(await stored(at)).toBe(0);
  });

  it('is one at a time, and cancelled on request', async () => {
    const { it: at } = office;
    const folder = folderOf(JSON.stringify(Array.from({ length: 6_000 }, (_, n) => old(n))));
    const imports = importsOf(at);
    const asked = { folder, copies: folder, dryRun: false, actor: 'anna' };
    const ending = told(imports, asked);
    expect(imports.start(asked)).toBe(false);
    expect(imports.cancel()).toBe(true);
    expect((await ending).at(-1)).toMatchObject({ outcome: 'cancelled', message: null });
    expect(await stored(at)).toBe(0);
    expect(imports.cancel()).toBe(false);
  });
});

describe('its folders', () => {
  it('come from the dialogue of main; another one makes the former rehearsal forgotten', async () => {
    const { it: at } = office;
    const folder = folderOf(JSON.stringify([old(1)]));
    const imports = importsOf(at);
    const operations = { imports } as unknown as Operations;
    const folders = importFolders('/data');
    expect(view(operations, folders)).toMatchObject({ folder: null, copies: join('/data', 'legacy-copies') });
    expect(start(operations, folders, { dryRun: true, actor: 'anna' })).toEqual({ started: false });
    await choose(operations, folders, 'folder', () => Promise.resolve(folder));
    await told(imports, { folder, copies: folder, dryRun: true, actor: 'anna' });
    const kept = await choose(operations, folders, 'folder', () => Promise.resolve(null));
    expect(kept).toMatchObject({ folder, last: { outcome: 'done' } });
    const other = await choose(operations, folders, 'folder', () => Promise.resolve('/elsewhere'));
    expect(other).toMatchObject({ folder: '/elsewhere', last: null });
  });
});
