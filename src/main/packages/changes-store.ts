import type { Difference } from '../../shared/contract/my-packages.ts';
import type { Queryable, SqlValue, Transaction } from '../storage/postgres.ts';
import type { Mapping } from './package-terms.ts';

export type ChangeAction = 'auto-fix' | 'accept' | 'replace' | 'correct' | 'edit';

/** What of a mapping a change may move, as it was. */
export type MappingState = Omit<Mapping, 'id'> & { visible: boolean };

export interface MappingChangeRow {
  id: number;
  myPackageId: number;
  action: ChangeAction;
  before: MappingState;
  after: MappingState;
  words: string;
  actor: string;
  changedAt: Date;
  undoneAt: Date | null;
  /** The mapping's name and version as they are now; null: it is gone. */
  name: string | null;
  version: number | null;
}

const columns = `c.id, c.my_package_id as "myPackageId", c.action, c.before, c.after, c.words, c.actor,
  c.changed_at as "changedAt", c.undone_at as "undoneAt", m.name, m.version`;
const joined = 'my_package_changes c left join my_packages m on m.id = c.my_package_id';

/** Keeps what a mapping was before a change, so that it can be taken back. */
export async function keepChange(
  tx: Transaction,
  change: {
    myPackageId: number;
    action: ChangeAction;
    before: MappingState;
    after: MappingState;
    words: string;
    actor: string;
    now: Date;
  },
): Promise<number> {
  const rows = await tx.query<{ id: number }>(
    `insert into my_package_changes (my_package_id, action, before, after, words, actor, changed_at)
     values ($1, $2, $3, $4, $5, $6, $7) returning id`,
    [
      ...[change.myPackageId, change.action, JSON.stringify(change.before), JSON.stringify(change.after)],
      ...[change.words, change.actor, change.now],
    ],
  );
  return rows.rows[0]!.id;
}

export async function readChange(db: Queryable, id: number): Promise<MappingChangeRow | null> {
  const rows = await db.query<MappingChangeRow>(`select ${columns} from ${joined} where c.id = $1`, [id]);
  return rows.rows[0] ?? null;
}

/** A page of changes, newest first. */
export async function listChanges(
  db: Queryable,
  page: { limit: number; offset: number },
): Promise<{ rows: MappingChangeRow[]; count: number }> {
  const rows = await db.query<MappingChangeRow>(
    `select ${columns} from ${joined} order by c.id desc limit $1 offset $2`,
    [page.limit, page.offset],
  );
  const count = await db.query<{ count: number }>('select count(*)::int as count from my_package_changes');
  return { rows: rows.rows, count: count.rows[0]!.count };
}

/** Marks a change as taken back; false when somebody was quicker. */
export async function markUndone(tx: Transaction, id: number, by: string, now: Date): Promise<boolean> {
  const rows = await tx.query(
    'update my_package_changes set undone_at = $2, undone_by = $3 where id = $1 and undone_at is null',
    [id, now, by],
  );
  return rows.rowCount === 1;
}

export interface ProposalRow {
  id: number;
  myPackageId: number;
  kind: 'swap' | 'correct';
  fromResellerId: string;
  toResellerId: string;
  differences: Difference[];
  words: string;
  status: 'pending' | 'accepted' | 'refused' | 'withdrawn';
  version: number;
  createdAt: Date;
  decidedAt: Date | null;
  decidedBy: string | null;
}

const proposalColumns = `id, my_package_id as "myPackageId", kind, from_reseller_id as "fromResellerId",
  to_reseller_id as "toResellerId", differences, words, status, version, created_at as "createdAt",
  decided_at as "decidedAt", decided_by as "decidedBy"`;

/** A page of proposals: pending ones by mapping, decided ones newest first. */
export async function listProposals(
  db: Queryable,
  page: { status: 'pending' | 'decided'; limit: number; offset: number },
): Promise<{ rows: ProposalRow[]; count: number }> {
  const where = page.status === 'pending' ? `status = 'pending'` : `status <> 'pending'`;
  const order = page.status === 'pending' ? 'my_package_id' : 'decided_at desc nulls last, id desc';
  const rows = await db.query<ProposalRow>(
    `select ${proposalColumns} from package_proposals where ${where} order by ${order} limit $1 offset $2`,
    [page.limit, page.offset],
  );
  const count = await db.query<{ count: number }>(
    `select count(*)::int as count from package_proposals where ${where}`,
  );
  return { rows: rows.rows, count: count.rows[0]!.count };
}

/** The pending proposals of these mappings. */
export async function pendingProposals(
  db: Queryable,
  myPackageIds: readonly number[],
): Promise<ProposalRow[]> {
  const rows = await db.query<ProposalRow>(
    `select ${proposalColumns} from package_proposals where status = 'pending' and my_package_id = any ($1::bigint[])`,
    [[...myPackageIds]],
  );
  return rows.rows;
}

export async function readProposal(db: Queryable, id: number): Promise<ProposalRow | null> {
  const rows = await db.query<ProposalRow>(`select ${proposalColumns} from package_proposals where id = $1`, [
    id,
  ]);
  return rows.rows[0] ?? null;
}

/** What a person refused for a mapping before: not proposed again. */
export async function refusedTargets(db: Queryable, myPackageId: number): Promise<Set<string>> {
  const rows = await db.query<{ kind: string; to: string }>(
    `select kind, to_reseller_id as "to" from package_proposals where my_package_id = $1 and status = 'refused'`,
    [myPackageId],
  );
  return new Set(rows.rows.map((row) => `${row.kind} ${row.to}`));
}

/** Proposes something for a mapping in the place of what was proposed before; false when that says the same. */
export async function propose(
  tx: Transaction,
  proposal: Pick<
    ProposalRow,
    'myPackageId' | 'kind' | 'fromResellerId' | 'toResellerId' | 'differences' | 'words'
  >,
  now: Date,
): Promise<boolean> {
  const values: SqlValue[] = [
    ...[proposal.myPackageId, proposal.kind, proposal.fromResellerId, proposal.toResellerId],
    ...[JSON.stringify(proposal.differences), proposal.words, now],
  ];
  const same = await tx.query(
    `select 1 from package_proposals
      where status = 'pending' and (my_package_id, kind, from_reseller_id, to_reseller_id, differences, words) = ($1, $2, $3, $4, $5::jsonb, $6)`,
    values.slice(0, 6),
  );
  if (same.rowCount) return false;
  await withdrawProposals(tx, [proposal.myPackageId], now);
  await tx.query(
    `insert into package_proposals (my_package_id, kind, from_reseller_id, to_reseller_id, differences, words, created_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    values,
  );
  return true;
}

/** Takes back what was proposed for these mappings: they were changed, or are valid again. Answers how many. */
export async function withdrawProposals(
  tx: Transaction,
  myPackageIds: readonly number[],
  now: Date,
): Promise<number> {
  const rows = await tx.query(
    `update package_proposals set status = 'withdrawn', decided_at = $2, version = version + 1
      where status = 'pending' and my_package_id = any ($1::bigint[])`,
    [[...myPackageIds], now],
  );
  return rows.rowCount ?? 0;
}

/** Closes a proposal with a person's word; false when it is not pending in this version any more. */
export async function closeProposal(
  tx: Transaction,
  asked: { id: number; version: number },
  by: { status: 'accepted' | 'refused'; actor: string; note: string | null; now: Date },
): Promise<boolean> {
  const rows = await tx.query(
    `update package_proposals
        set status = $3, decided_at = $4, decided_by = $5, note = $6, version = version + 1
      where id = $1 and version = $2 and status = 'pending'`,
    [asked.id, asked.version, by.status, by.now, by.actor, by.note],
  );
  return rows.rowCount === 1;
}
