import type { TFunction } from 'i18next';
import { Name } from '../ui/figures.tsx';
import type { Column } from '../ui/virtual-table.tsx';

/** Which row of a list it is: its line and its address, before and after the list ran. */
export function rowColumns<Row extends { readonly line: number; readonly email: string }>(
  t: TFunction,
  emailWidth: string,
): readonly Column<Row>[] {
  return [
    { key: 'line', label: t('accounts.list.line'), width: '52px', align: 'end', cell: (row) => row.line },
    {
      key: 'email',
      label: t('accounts.email'),
      width: emailWidth,
      cell: (row) => <Name value={row.email} />,
    },
  ];
}
