import { openDatabase, type Database } from '../../../src/main/storage/postgres.ts';
import { drain, naiveSpool, openSpool, payload } from './spool-office.ts';

/*
 * A process that reads leads into the spool and saves them, and kills itself at a named point of the way, or goes on
 * until it is killed. Arguments: durable file, database, point, number of the first lead, `naive` or nothing. It writes
 * `read NUMBER` once a lead is on its disk.
 */

const [path = '', url = '', point = '', first = '', how = ''] = process.argv.slice(2);
const die = () => process.kill(process.pid, 'SIGKILL');
const { durable, spool: real } = openSpool(path);

const server = openDatabase({ url, applicationName: 'crash' });
const database: Database = {
  ...server,
  async transaction(work, options) {
    let saves = false;
    const done = await server.transaction(async (tx) => {
      const result = await work(tx);
      saves = JSON.stringify(result ?? null).includes('toConfirm');
      // Without an await in between: the statement that ends the transaction was not sent yet.
      if (saves && point === 'before-server-commit') die();
      return result;
    }, options);
    if (saves && point === 'after-server-commit') die();
    return done;
  },
};
const mortal = {
  ...real,
  remove(seqs: readonly number[]) {
    if (point === 'before-remove') die();
    if (point === 'during-remove') durable.open().exec('begin immediate');
    real.remove(seqs);
    if (point.endsWith('-remove')) die();
  },
};
const spool = how === 'naive' ? naiveSpool(real) : mortal;

for (let lead = Number(first); ; lead += 3) {
  const leads = [lead, lead + 1, lead + 2];
  if (point === 'before-local-commit') durable.open().exec('begin immediate');
  real.add(leads.map((id) => payload({ leadId: String(id) })));
  if (point === 'before-local-commit') die();
  process.stdout.write(leads.map((id) => `read ${id}\n`).join(''));
  if (point === 'after-local-commit') die();
  await drain(database, spool);
}
