import { ORPCError } from '@orpc/client';
import { describe, expect, it } from 'vitest';
import { toAnswer } from '../src/main/answer-errors.ts';
import { OpsdeckError } from '../src/main/errors.ts';
import { silentLog, type Log } from '../src/main/log.ts';
import { errorCodes } from '../src/shared/contract/errors.ts';

describe('the answer to a failure', () => {
  it('keeps our code and sentence, with a status of its own kind, for every code', () => {
    for (const code of errorCodes) {
      const answer = toAnswer(new OpsdeckError(code, 'A sentence.'), 'deals.today', silentLog());
      expect(answer).toMatchObject({ code, message: 'A sentence.' });
      expect(answer.status).toBeGreaterThanOrEqual(400);
    }
  });

  it('tells a cancelled call as cancelled', () => {
    const answer = toAnswer(new DOMException('x', 'AbortError'), 'deals.today', silentLog());
    expect(answer).toMatchObject({ code: 'CANCELLED', status: 499 });
  });

  it('hides everything else behind an id that the log knows', () => {
    const told: Array<Record<string, unknown> | undefined> = [];
    const log: Log = { ...silentLog(), error: (_message, fields) => void told.push(fields) };
    const odd = [
      new TypeError('canary'),
      'canary',
      null,
      undefined,
      { canary: 1 },
      new ORPCError('TEAPOT', { message: 'canary' }),
    ];
    for (const error of odd) {
      const answer = toAnswer(error, 'deals.today', log);
      expect(answer.code).toBe('INTERNAL');
      expect(JSON.stringify(answer.toJSON())).not.toContain('canary');
      expect(told.at(-1)).toMatchObject({
        id: (answer.data as { id: string }).id,
        procedure: 'deals.today',
        error,
      });
    }
  });

  it('names what is wrong with an input and never repeats it', () => {
    const issues = [
      { message: 'Expected a number', path: ['patch', 'pageSize'], input: 'canary', values: ['canary'] },
    ];
    const answer = toAnswer(new ORPCError('BAD_REQUEST', { data: { issues } }), 'x', silentLog());
    expect(answer.message).toContain('patch.pageSize: Expected a number');
    expect(JSON.stringify(answer.toJSON())).not.toContain('canary');
  });
});
