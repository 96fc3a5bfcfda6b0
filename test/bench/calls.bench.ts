/*
 * One simulated working day at a vendor that counts for itself what it sees: the program's schedule, plan, passes,
 * client and call budget on simulated time, with 5 000 deals and 30 000 messages in the window.
 */
import { randomUUID } from 'node:crypto';
import type { PassPlan } from '../../src/main/deals/plan-passes.ts';
import { readPassPlan } from '../../src/main/deals/read-pass-plan.ts';
import { adversusAccount, createAdversusClient } from '../../src/main/deals/adversus-client.ts';
import { runPass, type PassDeps } from '../../src/main/deals/run-pass.ts';
import { silentLog } from '../../src/main/log.ts';
import { fieldIds, fieldLabels, officeAgents } from '../../src/main/sandbox/adversus/people.ts';
import { seededRandom } from '../../src/main/sandbox/seeded-random.ts';
import { startSchedule } from '../../src/main/schedule.ts';
import type { OfficeSettings } from '../../src/shared/contract/settings.ts';
import type { SyncSource } from '../../src/shared/contract/sync.ts';
import { adversusLimits, createCallBudget } from '../../src/main/upstream/call-budget.ts';
import { benchSettings } from './support/bench-pass.ts';
import { startBenchServer } from './support/bench-server.ts';
import { openAccount, type CountingAccount } from './support/counting-account.ts';
import { median, mostWithin, percentile } from './support/figures.ts';
import { startReport } from './support/report.ts';
import { simulateTime, type SimulatedTime } from './support/simulated-time.ts';

const minute = 60_000;
const hour = 60 * minute;
const dealsInWindow = 5_000;
const messagesInWindow = 30_000;
/** The first hour fills the empty database and is not measured for delays; calls are counted from the start. */
const opens = Date.parse('2026-11-20T06:00:00Z');
const measuredFrom = opens + hour;
const hours = Number(process.env['BENCH_HOURS'] ?? 10);

const report = startReport('calls');
const server = await startBenchServer(report);
try {
  for (const pageSize of [1_000, 100]) await simulateDay(pageSize);
  report.say(
    `${hours} hours from 06:00 UTC, of which the first only fills the database: a deal every 2 minutes and three bursts of 80 in ` +
      '5 minutes, a message every 20 s and a burst of 1 500 in 10 minutes, most delivered later, 3 deals an hour revoked and once ' +
      '10 at a time, and people who ask for a whole pass over deals and messages three times, twice in a row.',
  );
  report.say(
    'Time is simulated: it stands still while anything works and jumps to the next sleeper. Schedule, plan, passes, client and ' +
      'budget are the program’s own on a real Postgres, in which clock_timestamp() is replaced by the simulated clock. The vendor ' +
      'is the sandbox’s without a network; it refuses nothing and counts arrivals itself. So work takes no time here: add a ' +
      'second or two to the delays for the largest passes.',
  );
  report.print();
} finally {
  await server.close();
}

interface Delays {
  seen: number[];
  removed: number[];
}

async function simulateDay(pageSize: number): Promise<void> {
  const name = `calls_${pageSize}`;
  const real = await server.open(name);
  const time = await simulateTime(new Date(opens), await server.connect(name));
  // Connections opened before the clock was put in place would not see it.
  await real.close();
  const database = time.share(await server.open(name));
  const random = seededRandom(`calls:${pageSize}`);
  const account = openAccount({
    clock: time.clock,
    random: () => random.next(),
    pageSize,
    timeZone: benchSettings.timeZone,
  });
  fillWindow(account);
  const settings: OfficeSettings = {
    ...benchSettings,
    pageSize,
    commissionField: String(fieldIds.commission),
    multiDealsField: String(fieldIds.multiDeals),
    orderDateField: fieldLabels.orderDate,
    adversusUrl: 'http://vendor.test/v1',
    adversusUser: 'bench',
  };
  const passes = passDeps(time, database, account, settings);
  const watch = watchDelays(database, time);
  const ended = { complete: 0, incomplete: 0, failed: 0, why: new Map<string, number>() };

  const readPlan = () => readPassPlan(database, settings.deltaSeconds);
  let plan = await readPlan();

  async function pass(source: SyncSource, kind: 'delta' | 'window', trigger: 'schedule' | 'person') {
    try {
      const result = await runPass(passes, {
        source,
        kind,
        trigger,
        signal: new AbortController().signal,
        waitMs: trigger === 'schedule' ? 60_000 : 120_000,
      });
      ended[result.complete ? 'complete' : 'incomplete'] += 1;
      if (result.note) ended.why.set(result.note, (ended.why.get(result.note) ?? 0) + 1);
      return result;
    } catch (error) {
      ended.failed += 1;
      const why = (error as { code?: string }).code ?? String(error);
      ended.why.set(why, (ended.why.get(why) ?? 0) + 1);
      throw error;
    } finally {
      plan = await readPlan();
      await watch.look();
    }
  }

  const schedule = startSchedule({
    clock: time.clock,
    mayRun: () => true,
    plan: () => plan,
    run: (job) => pass(job.source, job.kind, 'schedule'),
  });
  const person = (source: SyncSource) => void pass(source, 'window', 'person').catch(() => {});
  for (const { at, happen } of planDay(account, watch, person, random)) {
    await time.runUntil(at);
    happen();
  }
  await time.runUntil(opens + hours * hour);
  // What happened in the last quarter may not have had its turn yet.
  await time.runUntil(opens + hours * hour + 20 * minute);
  tell(pageSize, account, watch.delays(), watch.waiting(), ended, plan);
  const closing = schedule.close();
  await time.runUntil(opens + (hours + 2) * hour);
  await closing;
}

function passDeps(
  time: SimulatedTime,
  database: PassDeps['database'],
  account: CountingAccount,
  settings: OfficeSettings,
): PassDeps {
  const { clock } = time;
  const processId = randomUUID();
  const budget = createCallBudget({
    database,
    clock,
    account: adversusAccount('bench'),
    limits: adversusLimits,
    processId,
  });
  return {
    database,
    clock,
    log: silentLog(),
    processId,
    holder: 'bench',
    readSettings: async () => settings,
    connect() {
      let calls = 0;
      const client = createAdversusClient({
        baseUrl: settings.adversusUrl!,
        user: 'bench',
        password: 'bench',
        budget,
        clock,
        fetch: (url, init) => ((calls += 1), account.fetch(url, init)),
      });
      return { client, calls: () => calls };
    },
  };
}

function fillWindow(account: CountingAccount): void {
  const from = Date.parse('2026-10-25T00:00:00Z');
  const second = (part: number) => from + Math.floor(((opens - hour - from) * part) / 1_000) * 1_000;
  account.state.addLeads(dealsInWindow, (n) => ({
    updatedAt: second(n / dealsInWindow),
    orderDate: new Date(second(n / dealsInWindow)),
  }));
  account.state.addManySms(messagesInWindow, (n) => ({
    timestamp: second(n / messagesInWindow),
    userId: officeAgents[n % officeAgents.length]?.id ?? null,
  }));
}

interface Watch {
  sold(leadId: number): void;
  revoked(leadId: number): void;
  look(): Promise<void>;
  delays(): Delays;
  waiting(): number;
}

/** Notes when something happened at the vendor, and looks after every pass whether the database has it. */
function watchDelays(database: PassDeps['database'], time: SimulatedTime): Watch {
  const sold = new Map<string, number>();
  const revoked = new Map<string, number>();
  const delays: Delays = { seen: [], removed: [] };
  const settle = (from: Map<string, number>, lead: string, into: number[]) => {
    const at = from.get(lead);
    if (at === undefined) return;
    from.delete(lead);
    if (at >= measuredFrom) into.push(time.clock.wall() - at);
  };
  return {
    sold: (lead) => sold.set(String(lead), time.clock.wall()),
    revoked: (lead) => revoked.set(String(lead), time.clock.wall()),
    async look() {
      if (sold.size + revoked.size === 0) return;
      const there = await database.query<{ lead_id: string }>(
        'select lead_id from deals where lead_id = any ($1::text[])',
        [[...sold.keys(), ...revoked.keys()]],
      );
      const leads = new Set(there.rows.map((row) => row.lead_id));
      for (const lead of leads) settle(sold, lead, delays.seen);
      for (const lead of [...revoked.keys()]) if (!leads.has(lead)) settle(revoked, lead, delays.removed);
    },
    delays: () => delays,
    waiting: () => sold.size + revoked.size,
  };
}

interface Happening {
  at: number;
  happen(): void;
}

/** What happens at the vendor and in the office that day, in order. */
function planDay(
  { state }: CountingAccount,
  watch: Watch,
  person: (source: SyncSource) => void,
  random: ReturnType<typeof seededRandom>,
): Happening[] {
  const day: Happening[] = [];
  const ends = opens + hours * hour;
  const add = (at: number, happen: () => void) => at < ends && day.push({ at, happen });
  const sell = () =>
    watch.sold(state.addLead({ agentId: random.pick(officeAgents).id, commission: '500' }).id);
  const send = () => {
    const sms = state.addSms({ status: 'sent', userId: random.pick(officeAgents).id });
    return () => state.setSmsStatus(sms.id, 'delivered');
  };
  const message = (at: number) => {
    let deliver = () => {};
    add(at, () => {
      const later = send();
      deliver = () => void later();
    });
    add(at + random.int(30, 420) * 1_000, () => deliver());
  };
  const revoke = () => {
    const old = state.leads.all.find((lead) => lead.status === 'success' && lead.id % 7 === random.int(0, 6));
    if (!old) return;
    state.revoke(old.id);
    watch.revoked(old.id);
  };
  for (let at = opens; at < ends; at += 2 * minute) add(at + random.int(0, 119_999), sell);
  for (let at = opens; at < ends; at += 20_000) message(at + random.int(0, 19_999));
  for (let at = measuredFrom; at < ends; at += 20 * minute) add(at + random.int(0, 20 * minute), revoke);
  for (const h of [2, 5.2, 8.5]) {
    for (let n = 0; n < 80; n++) add(opens + h * hour + random.int(0, 5 * minute), sell);
  }
  for (let n = 0; n < 1_500; n++) message(opens + 3.5 * hour + random.int(0, 10 * minute));
  for (let n = 0; n < 10; n++) add(opens + 6.5 * hour + n * 500, revoke);
  for (const h of [2.05, 4, 7.3]) {
    add(opens + h * hour, () => (person('deals'), person('sms')));
    add(opens + h * hour + 20_000, () => person('deals'));
  }
  return day.sort((a, b) => a.at - b.at);
}

function tell(
  pageSize: number,
  account: CountingAccount,
  delays: Delays,
  waiting: number,
  ended: { complete: number; incomplete: number; failed: number; why: Map<string, number> },
  plan: PassPlan,
): void {
  const at = `${pageSize} rows a page: `;
  const limits = [
    ['most calls in any minute', mostWithin(account.arrivals, minute), 60],
    ['most calls in any hour', mostWithin(account.arrivals, hour), 1_000],
    ['most calls at once', account.mostAtOnce(), 2],
  ] as const;
  for (const [what, value, limit] of limits) {
    report.figure({
      what: at + what,
      value,
      unit: 'calls',
      target: { words: `≤ ${limit}`, met: value <= limit },
    });
  }
  const seen = Math.max(...delays.seen) / 1_000;
  report.figure({
    what: `${at}new deal seen, longest of ${delays.seen.length}`,
    value: seen,
    unit: 's',
    target: { words: '≤ 120 s', met: seen <= 120 },
    note: `p50 ${Math.round(median(delays.seen) / 1_000)} s, p95 ${Math.round(percentile(delays.seen, 0.95) / 1_000)} s`,
  });
  const removed = Math.max(...delays.removed) / 1_000;
  const limit = pageSize === 1_000 ? 300 : 900;
  report.figure({
    what: `${at}removal, longest of ${delays.removed.length}`,
    value: removed,
    unit: 's',
    target: { words: `≤ ${limit} s`, met: removed <= limit },
    note: `p50 ${Math.round(median(delays.removed) / 1_000)} s, p95 ${Math.round(percentile(delays.removed, 0.95) / 1_000)} s`,
  });
  report.figure({ what: `${at}not seen by the end`, value: waiting, unit: 'events' });
  report.say(
    `${pageSize} rows a page: ${account.arrivals.length} calls; ${ended.complete} passes complete, ${ended.incomplete} incomplete, ${ended.failed} failed` +
      `${ended.why.size > 0 ? ` (${[...ended.why].map(([why, count]) => `${why} ${count}`).join(', ')})` : ''}; last plan: delta every ` +
      `${plan.deltaSeconds} s (messages ${plan.smsDeltaSeconds} s), deals window every ${plan.dealsWindowSeconds} s, SMS window every ${plan.smsWindowSeconds} s.`,
  );
}
