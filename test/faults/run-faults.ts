// `npm run faults -- [--rounds N] [--seed S] [--only NAME] [--mutants] [--json]`
import { parseArgs } from 'node:util';
import { faultCases } from './cases/fault-cases.ts';
import { runCase, type FaultReport } from './support/fault-case.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string' },
    seed: { type: 'string', default: String(Date.now()) },
    only: { type: 'string', multiple: true },
    mutants: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const chosen = faultCases.filter(({ fault }) => !values.only || values.only.includes(fault.name));
const say = (line: string) => void (values.json || process.stderr.write(`  ${line}\n`));
const reports: FaultReport[] = [];
let bad = chosen.length === 0;
if (bad)
  process.stderr.write(`no such case; there are: ${faultCases.map(({ fault }) => fault.name).join(', ')}\n`);

// Interrupted, the servers go with us.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

// A program must not end by a connection that nobody listens to.
for (const unhandled of ['unhandledRejection', 'uncaughtException']) {
  process.on(unhandled, (error: unknown) => {
    bad = true;
    process.stderr.write(`VIOLATION nobody handled: ${String(error)}\n`);
  });
}

for (const { fault, rounds } of chosen) {
  const given = { rounds: Number(values.rounds ?? rounds), seed: values.seed, say };
  process.stderr.write(`${fault.name} (seed ${given.seed}, ${given.rounds} rounds): ${fault.promise}\n`);
  const report = await runCase(fault, given);
  reports.push(report);
  if (!values.json) print(report);
  bad ||= report.violations.length > 0;
  if (!values.mutants) continue;
  const naive = await runCase({ name: `${fault.name}, naive`, run: fault.mutant.run }, given);
  reports.push(naive);
  if (!values.json) print(naive);
  if (naive.violations.length === 0)
    process.stderr.write(`${fault.name}: ${fault.mutant.naive} did not fail\n`);
  bad ||= naive.violations.length === 0;
}
if (values.json) process.stdout.write(`${JSON.stringify(reports)}\n`);
process.exit(bad ? 1 : 0);

function print(report: FaultReport): void {
  const faults = Object.entries(report.faults).map(([kind, count]) => `${count} × ${kind}`);
  const lines = [
    `${report.name}: ${report.violations.length} violations in ${report.seconds} s; injected ${faults.join(', ')}`,
    ...Object.entries(report.figures).map(
      ([name, { count, p50, p95, max }]) => `    ${name}: p50 ${p50}, p95 ${p95}, max ${max} (${count})`,
    ),
    ...report.violations.slice(0, 20).map((sentence) => `    VIOLATION ${sentence}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
