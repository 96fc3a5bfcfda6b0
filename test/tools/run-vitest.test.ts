import { expect, test } from 'vitest';
// @ts-expect-error the development tools are plain JavaScript without types
import { countTests } from '../../tools/commands/run-vitest.mjs';

test('a file that could not be loaded counts as one failed, a failed test once', () => {
  const report = {
    numPassedTests: 7,
    numFailedTests: 1,
    testResults: [
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
      { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] },
      { status: 'failed', assertionResults: [] },
    ],
  };
  expect(countTests(report)).toEqual({ passed: 7, failed: 2 });
});

test('no report counts nothing', () => {
  expect(countTests(undefined)).toEqual({ passed: 0, failed: 0 });
});
