import { expect, it } from 'vitest';
import { useHttpOffice } from './http-office.ts';

const http = useHttpOffice();

it('the paths of packages answer in the shapes that scripts rely on', async () => {
  const program = await http.start();
  const { database } = http.office;
  for (const reseller of ['a', 'a', 'b']) {
    await database.query(
      `insert into my_packages (reseller_id, name, country_code, data_mb, days, price) values ($1, 'x', 'SE', 1024, 7, 5)`,
      [reseller],
    );
  }
  const admin = '/api/admin/packages';
  const none = {
    totalPackages: 3,
    validPackages: 0,
    invalidPackages: 0,
    healthScore: null,
    lastValidation: null,
  };
  expect((await program.get(`${admin}/health`)).json).toEqual(none);
  const checked = { totalPackages: 3, validPackages: 0, invalidPackages: 3, healthScore: 0 };
  expect((await program.post(`${admin}/validate`)).json).toMatchObject({ success: true, ...checked });
  expect((await program.get(`${admin}/invalid`)).json).toMatchObject({
    ...{ success: true, count: 3, invalid: [{ reason: 'missing' }, {}, {}] },
  });
  expect((await program.ask('DELETE', `${admin}/validation-cache`)).json).toEqual({
    success: true,
    cleared: 3,
  });
  expect((await program.get(`${admin}/sync-status`)).json).toMatchObject({
    success: true,
    totalPackages: 0,
    lastSync: null,
  });
  expect((await program.post(`${admin}/deduplicate-my-packages`)).json).toEqual({
    ...{ status: 'success', removedCount: 2, details: { resellerIdDuplicates: 1, combinationDuplicates: 1 } },
  });
});
