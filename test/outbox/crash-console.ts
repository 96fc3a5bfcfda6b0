import { openDatabase, type Database } from '../../src/main/storage/postgres.ts';
import { databaseId, decision, openOutbox, round, sendTo } from './outbox-office.ts';

/*
 * A console that decides one case offline and sends the decision, and kills itself at a named point of the way.
 * Arguments: durable file, database, case, point. It writes `saved ID` once a screen would say so.
 */

const [path = '', url = '', id = '', point = ''] = process.argv.slice(2);
const die = () => process.kill(process.pid, 'SIGKILL');
const { outbox, durable } = openOutbox(path);

if (point === 'before-local-commit') durable.open().exec('begin immediate');
const decisionId = outbox.keep(databaseId, decision({ id: Number(id), version: 1 }, 'approve'));
if (point === 'before-local-commit') die();
process.stdout.write(`saved ${decisionId}\n`);
if (point === 'after-local-commit') die();

const real = openDatabase({ url, applicationName: 'crash' });
const database: Database = {
  ...real,
  async transaction(work, options) {
    const done = await real.transaction(async (tx) => {
      const result = await work(tx);
      // Without an await in between: the statement that ends the transaction was not sent yet.
      if (point === 'before-server-commit') die();
      return result;
    }, options);
    if (point === 'after-server-commit') die();
    return done;
  },
};
const target = sendTo(database);
await round(
  {
    ...outbox,
    settle(...settled) {
      if (point === 'before-mark') die();
      if (point === 'during-mark') durable.open().exec('begin immediate');
      outbox.settle(...settled);
      die();
    },
  },
  target,
);
