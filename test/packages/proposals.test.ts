import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { autoFix, decideProposal } from '../../src/main/packages/auto-fix.ts';
import { editMapping, undoChange } from '../../src/main/packages/change-mapping.ts';
import { openPackageOffice, type PackageOffice } from './package-office.ts';

const sold = 'esim-sweden-7days-1gb-all';
let office: PackageOffice;
let mine: Awaited<ReturnType<PackageOffice['sell']>>;
beforeEach(async () => {
  office = await openPackageOffice();
  await office.pass();
  mine = await office.sell(sold, 40);
  office.vendor.catalogue.remove(sold);
  await office.pass();
});
afterEach(() => office.close());

const row = async () =>
  (await office.rows(`select to_jsonb(m) - 'updated_at' as row from my_packages m`))[0]!['row'];
const now = async () =>
  (
    await office.rows<{ reseller_id: string; version: number }>(
      'select reseller_id, version from my_packages',
    )
  )[0]!;
async function proposal() {
  await autoFix(office.changes, { dryRun: false });
  const [open] = await office.rows<{ id: number; version: number; to: string }>(
    `select id, version, to_reseller_id as to from package_proposals where status = 'pending'`,
  );
  return open!;
}
const lastChange = async () =>
  (await office.rows<{ id: number }>('select id from my_package_changes order by id desc limit 1'))[0]!.id;
const audited = async () =>
  (await office.rows<{ action: string }>('select action from audit_log order by id')).map(
    (one) => one.action,
  );

describe('a proposal', () => {
  it('changes nothing until a person accepts it; then it is audited and can be taken back', async () => {
    const before = await row();
    expect(await autoFix(office.changes, { dryRun: true })).toMatchObject({ proposed: 1, fixed: [] });
    expect(await office.count('package_proposals')).toBe(0);
    const { id, version, to } = await proposal();
    expect(await row()).toEqual(before);
    await decideProposal(office.changes, { id, version, action: 'accept', note: 'as agreed' });
    expect(await now()).toMatchObject({ reseller_id: to });
    expect(to).toMatch(/^esim-sweden-/);
    await undoChange(office.changes, await lastChange());
    const { version: _version, ...back } = (await row()) as Record<string, unknown>;
    const { version: _before, ...old } = before as Record<string, unknown>;
    expect(back).toEqual(old);
    expect(await audited()).toEqual(
      expect.arrayContaining(['package-proposal.accepted', 'my-package.accept', 'my-package.undo']),
    );
  });

  it('is decided once, in the version that was read', async () => {
    const { id, version } = await proposal();
    const accept = { id, version, action: 'accept' as const };
    await expect(decideProposal(office.changes, { ...accept, version: version + 1 })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    const both = await Promise.allSettled([
      decideProposal(office.changes, accept),
      decideProposal({ ...office.changes, actor: 'bo' }, { ...accept, action: 'refuse' }),
      decideProposal({ ...office.changes, actor: 'eva' }, accept),
    ]);
    expect(both.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    expect(await office.count('package_proposals', `status in ('accepted', 'refused')`)).toBe(1);
  });

  it('is refused when the package it names has moved since it was read', async () => {
    const { id, version, to } = await proposal();
    await office.database.query(
      'update packages set price = price + 3, days = days + 1 where reseller_id = $1',
      [to],
    );
    const before = await row();
    await expect(decideProposal(office.changes, { id, version, action: 'accept' })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    expect(await row()).toEqual(before);
    // A naive accept takes what is there now, which nobody has read (mutant).
    const [naive] = await office.rows<{ days: number }>('select days from packages where reseller_id = $1', [
      to,
    ]);
    expect(naive!.days).not.toBe(Number(/-(\d+)days/.exec(to)?.[1]));
  });

  it('that puts figures right is refused when the figures have moved since', async () => {
    office.vendor.catalogue.restore(sold);
    await office.pass();
    await office.database.query('update my_packages set data_mb = 1');
    const { id, version } = await proposal();
    await office.database.query('update packages set days = days + 5 where reseller_id = $1', [sold]);
    const before = await row();
    await expect(decideProposal(office.changes, { id, version, action: 'accept' })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    expect(await row()).toEqual(before);
  });

  it('that was refused is not made again', async () => {
    const { id, version, to } = await proposal();
    await decideProposal(office.changes, { id, version, action: 'refuse' });
    const next = await proposal();
    expect(next.to).not.toBe(to);
  });
});

describe('taking back', () => {
  async function accepted() {
    const { id, version } = await proposal();
    await decideProposal(office.changes, { id, version, action: 'accept' });
    return lastChange();
  }

  it('is refused once somebody changed the package since, and the second time', async () => {
    const change = await accepted();
    const { version } = await now();
    await editMapping(office.changes, { id: mine.id, version, patch: { name: 'Sverige' } });
    await expect(undoChange(office.changes, change)).rejects.toMatchObject({ code: 'CONFLICT' });
    // A naive undo would have lost the edit (mutant): the before-image does not have it.
    const [kept] = await office.rows<{ before: { name: string } }>(
      'select before from my_package_changes where id = $1',
      [change],
    );
    expect(kept!.before.name).not.toBe('Sverige');
    await undoChange(office.changes, await lastChange());
    await expect(undoChange(office.changes, await lastChange())).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('is refused where the old package is sold by another row by now', async () => {
    const change = await accepted();
    office.vendor.catalogue.restore(sold);
    await office.pass();
    await office.sell(sold);
    await expect(undoChange(office.changes, change)).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});
