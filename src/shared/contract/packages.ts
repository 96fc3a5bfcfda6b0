import { catalogueProcedures } from './catalogue.ts';
import { myPackagesProcedures } from './my-packages.ts';
import { orderProcedures } from './package-orders.ts';

/** Everything about packages: the supplier's catalogue, what the office sells of it, and orders. */
export const packagesContract = { ...catalogueProcedures, ...myPackagesProcedures, ...orderProcedures };
