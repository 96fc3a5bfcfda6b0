import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../src/main/redact.ts';

describe('redaction', () => {
  it('hides each kind of secret and leaves the rest of the line', () => {
    const cases: Array<[string, string]> = [
      [
        'connect postgres://ops:canary@db:5432/x?a=1 failed',
        'connect postgres://[hidden]@db:5432/x?a=1 failed',
      ],
      ['postgresql://ops:can@nary/x@db/x', 'postgresql://[hidden]@db/x'],
      ['https://user:canary@vendor.example/v1', 'https://[hidden]@vendor.example/v1'],
      ['{"password":"canary"}', '{"password":"[hidden]"}'],
      ['{"db":{"pgPassword":"ca\\"nary"},"a":1}', '{"db":{"pgPassword":"[hidden]"},"a":1}'],
      ['{"authorization":"Basic Y2FuYXJ5OnB3"}', '{"authorization":"[hidden]"}'],
      ['{"x-api-key":"canary","n":2}', '{"x-api-key":"[hidden]","n":2}'],
      ['Authorization: Bearer eyJjYW5hcnk.aa-_b=', 'Authorization: Bearer [hidden]'],
      ['Basic Y2FuYXJ5OnBhc3M=', 'Basic [hidden]'],
      ['OPSDECK_HTTP_TOKEN=canary next', 'OPSDECK_HTTP_TOKEN=[hidden] next'],
      ["password: 'canary word' end", 'password: [hidden] end'],
      ['called +46 70 123 45 67 twice', 'called [hidden] twice'],
      ['to 0046701234567.', 'to [hidden].'],
      ['to 070-123 45 67, then', 'to [hidden], then'],
      ['{"receiver":46701234567,"id":5}', '{"receiver":"[hidden]","id":5}'],
      ['{"phone_number":"x"}', '{"phone_number":"[hidden]"}'],
    ];
    for (const [line, safe] of cases) expect(redact(line)).toBe(safe);
  });

  it('leaves times, ids, money, addresses and versions alone', () => {
    const line =
      '{"time":"2026-11-22T01:43:00.000Z","lead_id":"104512345","ms":1234567890123,"sum":"4500.00","url":"https://vendor.example/v1/leads?page=2","ip":"127.0.0.1:54329","v":"18.4.0","day":"2026-11-22 09:14"}';
    expect(redact(line)).toBe(line);
  });

  it('hides configured values wherever and however they are written', () => {
    const secrets = ['p"w d/å', 'plain-secret'];
    const line = JSON.stringify({ a: 'x p"w d/å y', b: encodeURIComponent('p"w d/å'), c: ['plain-secret'] });
    const safe = redact(line, secrets);
    expect(safe).not.toContain('w d/å');
    expect(safe).not.toContain('w%20d');
    expect(safe).not.toContain('plain-secret');
    expect(JSON.parse(safe)).toBeTypeOf('object');
  });

  it('keeps every line readable as JSON and never lets a canary through', () => {
    const holder = fc.constantFrom(
      (secret: string) => ({ password: secret }),
      (secret: string) => ({ deep: [{ apiToken: secret }] }),
      (secret: string) => ({ message: `postgres://u:${secret}@h/d` }),
      (secret: string) => ({ message: `Bearer ${secret}` }),
      (secret: string) => ({ message: `it's password=${secret} isn't` }),
    );
    const secret = fc.stringMatching(/^[A-Za-z0-9._~+-]{3,20}$/).map((text) => `canary${text}`);
    fc.assert(
      fc.property(holder, secret, fc.dictionary(fc.string(), fc.jsonValue()), (hold, canary, rest) => {
        const safe = redact(JSON.stringify({ ...rest, ...hold(canary) }));
        expect(safe).not.toContain(canary);
        expect(() => JSON.parse(safe) as unknown).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });

  it('takes time in proportion to the line', () => {
    const patterns = ['a://', '0', '"password"', '+1 ', '@', 'a-', 'bearer  ', '"receiver":'];
    for (const pattern of patterns) {
      const short = pattern.repeat(Math.ceil(20_000 / pattern.length));
      const long = pattern.repeat(Math.ceil(160_000 / pattern.length));
      // Eight times the line: about 8 in proportion, 64 when it grows with the square. Best of some, side by side.
      const best = (line: string) => Math.min(...Array.from({ length: 3 }, () => cpuOf(() => redact(line))));
      expect(best(long) / Math.max(best(short), 500), pattern).toBeLessThan(32);
    }
  });
});

/** Processor time of `work`, in microseconds: other programs on the machine do not count. */
function cpuOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  return process.cpuUsage(before).user;
}
