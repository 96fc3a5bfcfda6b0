import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestMessage, readMessage } from '../../src/main/electron/guard-messages.ts';
import { hostileMessages } from './hostile-messages.ts';

describe('a message of a window', () => {
  it('passes as a call, with or without input, or as the cancelling of one', () => {
    const calls = [
      { i: '1', p: { u: '/deals/today', b: {} } },
      { i: 'zz9', p: { u: '/sync/runs', b: { json: { limit: 5, text: 'å"\\[[[{' } } } },
      { i: '2', p: { u: '/system/changes', h: { 'last-event-id': '17' } } },
      { i: '2', t: 4 },
    ];
    for (const call of calls) expect(readMessage(JSON.stringify(call))).toEqual({ ok: true, message: call });
  });

  it('is refused in every other form', () => {
    for (const text of hostileMessages())
      expect([text.slice(0, 80), readMessage(text).ok]).toEqual([text.slice(0, 80), false]);
    for (const odd of [null, undefined, 1, {}, [], new Uint8Array(4), new ArrayBuffer(4)]) {
      expect(readMessage(odd)).toMatchObject({ ok: false, id: null });
    }
  });

  it('that is too long is refused unread, with its number where the windows write it', () => {
    const call = (length: number) => `{"i":"k3","p":{"u":"/sync/held","b":{"json":"${'x'.repeat(length)}"}}}`;
    expect(readMessage(call(longestMessage))).toMatchObject({ ok: false, id: 'k3', status: 413 });
    expect(readMessage(call(longestMessage - 100)).ok).toBe(true);
    expect(readMessage(' '.repeat(longestMessage + 1))).toMatchObject({ ok: false, id: null, status: 413 });
  });

  it('never makes the reader throw, and what passes has exactly the allowed shape', () => {
    const shaped = fc
      .record({
        i: fc.oneof(fc.constant('1'), fc.jsonValue()),
        t: fc.oneof(fc.constant(undefined), fc.constant(4), fc.jsonValue()),
        p: fc.oneof(
          fc.jsonValue(),
          fc.record(
            {
              u: fc.oneof(fc.constantFrom('/sync/held', '/system/changes'), fc.string()),
              b: fc.oneof(fc.record({ json: fc.jsonValue() }), fc.jsonValue()),
              h: fc.oneof(fc.constant({}), fc.jsonValue()),
              m: fc.oneof(fc.constant(undefined), fc.jsonValue()),
            },
            { requiredKeys: [] },
          ),
        ),
      })
      .map((message) => JSON.stringify(message));
    let passed = 0;
    fc.assert(
      fc.property(fc.oneof(shaped, fc.json(), fc.string()), (text) => {
        const read = readMessage(text);
        if (!read.ok) return;
        passed += 1;
        expect(Object.keys(read.message).every((name) => ['i', 't', 'p'].includes(name))).toBe(true);
        if (read.message.t === 4) return;
        expect(read.message.p?.u).toMatch(/^(\/[a-zA-Z]+)+$/);
        expect(Object.keys(read.message.p ?? {}).every((name) => ['u', 'b', 'h'].includes(name))).toBe(true);
      }),
      { numRuns: 5000 },
    );
    expect(passed).toBeGreaterThan(20);
  });
});
