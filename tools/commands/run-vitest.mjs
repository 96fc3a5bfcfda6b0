import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compiledBefore } from '../bootstrap/cache.mjs';
import { runInherited } from './run-inherited.mjs';

/**
 * Runs one Vitest project and answers `{ code, passed, failed }` from its own report. A file that cannot be loaded
 * and an error outside any test count as one failure each.
 */
export async function runVitest(repository, project, args, environment) {
  const report = join(repository, '.tmp', `vitest-${project}-${process.pid}.json`);
  mkdirSync(join(repository, '.tmp'), { recursive: true });
  const code = await runInherited(
    'vitest',
    [
      'run',
      '--project',
      project,
      '--passWithNoTests',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...args,
    ],
    { cwd: repository, env: { ...environment, ...compiledBefore() } },
  );
  const counts = countTests(readReport(report));
  rmSync(report, { force: true });
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  return { code, ...counts };
}

/** Passed and failed tests in a Vitest JSON report; undefined (no report was written) counts nothing. */
export function countTests(report) {
  if (report === undefined) return { passed: 0, failed: 0 };
  const unloadable = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloadable.length };
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
