import type pg from 'pg';
import type { SqlValue, Transaction } from '../../../src/main/storage/postgres.ts';
import type { Permit } from '../../../src/main/system/permits.ts';

export interface Statement {
  sql: string;
  values: readonly SqlValue[];
  preparedAs: string | undefined;
}

/** Runs one transaction of `work` through a permit that writes down its statements, and answers them in order. */
export async function recordStatements(
  work: (recording: (permit: Permit) => Permit) => Promise<unknown>,
): Promise<Statement[]> {
  const statements: Statement[] = [];
  await work((permit) => ({
    ...permit,
    transaction: (inner, options) =>
      permit
        .transaction((tx) => {
          const query = (sql: string, values: readonly SqlValue[] = [], preparedAs?: string) => {
            statements.push({ sql, values, preparedAs });
            return tx.query(sql, values, preparedAs);
          };
          return inner({ ...tx, query: query as Transaction['query'] });
        }, options)
        .then((result) => {
          statements.push({
            sql: 'select 1 from sync_permits where source = $1 and token = $2 for key share',
            values: [permit.source, permit.token],
            preparedAs: 'check-permit',
          });
          return result;
        }),
  }));
  return statements;
}

/** Sends recorded statements in one transaction of a bare connection, for another lead with another stamp. */
export async function bareStatements(
  bare: pg.Client,
  statements: readonly Statement[],
  lead: string,
  stamp: Date,
): Promise<void> {
  const keepsPlans = statements.some((statement) => statement.preparedAs);
  await bare.query(keepsPlans ? 'begin; set local plan_cache_mode = force_generic_plan' : 'begin');
  for (const { sql, values, preparedAs } of statements) {
    const movesCursor = sql.includes('into sync_cursors');
    await bare.query({
      text: sql,
      values: values.map((value) => (movesCursor && value instanceof Date ? stamp : forLead(value, lead))),
      ...(preparedAs ? { name: preparedAs } : {}),
    });
  }
  await bare.query('commit');
}

/** The list of one lead id, which the benches give nine digits beginning with 9. */
function forLead(value: SqlValue, lead: string): unknown {
  return Array.isArray(value) && value.length === 1 && /^9\d{8}$/.test(String(value[0])) ? [lead] : value;
}
