import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hidePersonal } from '../../../src/main/system/diagnostics/hide-personal.ts';

const nobody = { secrets: [], names: [], namesKnown: true, instead: new Map<string, string>() };

describe('what leaves the office', () => {
  it('has no address of mail, no number that can be called, and no secret, however they are written', () => {
    const { text } = hidePersonal({ ...nobody, secrets: ['tr0ub4dor&3'] });
    for (const canary of [
      'anna.lind@example.se',
      'Anna+work@sub.example.co.uk',
      'åsa@örnsköldsvik.se',
      '+46 70 123 45 67',
      '0046701234567',
      '46701234567',
      '070-123 45 67',
      '070.123.45.67',
      '(070) 123 45 67',
      '46-70-123 45 67',
      '12345@qq.com',
      'kund%40firma.se',
      'tr0ub4dor&3',
    ])
      expect(text(`To ${canary}, done`), canary).toBe('To [hidden], done');
    expect(text('postgres://opsdeck:pässword@db.example/office')).toBe(
      'postgres://[hidden]@db.example/office',
    );
    expect(text('Authorization: Bearer abcdef123456')).not.toContain('abcdef');
  });

  it('leaves what helps: processes, stamps, ids, sizes, durations', () => {
    const { text } = hidePersonal(nobody);
    for (const kept of [
      'console 4711@office-pc',
      '2026-11-16T11:00:00.123Z',
      '3f2504e0-4f89-11d3-9a0c-0305e82c3301',
      'lead 12345678',
      'took 1234.5678901 ms',
      '127.0.0.1:54321/opsdeck',
    ])
      expect(text(kept)).toBe(kept);
  });

  it('hides every word of a known name wherever it stands, and nothing of a longer word', () => {
    const { text, all } = hidePersonal({ ...nobody, names: ['Erik af Svensson', "Siân O'Neil"] });
    expect(text('ERIK, svensson and Eriksson of af')).toBe('[hidden], [hidden] and Eriksson of af');
    expect(text('Siân O’Neil')).toBe('[hidden] O’[hidden]');
    expect(all({ deep: [{ seller: 'Erik' }] })).toEqual({ deep: [{ seller: '[hidden]' }] });
  });

  it('hides whole what stands under the name of a person’s field, and numbers that could be called', () => {
    const { all, texts } = hidePersonal(nobody);
    const given = {
      email: 'x',
      agent_name: 'Nils',
      receiver: 46701234567,
      lead: 46701234567,
      took: 12,
      kind: 'a',
    };
    expect(all(given)).toEqual({
      email: '[hidden]',
      agent_name: '[hidden]',
      receiver: '[hidden]',
      lead: '[hidden]',
      took: 12,
      kind: 'a',
    });
    expect(texts({ name: 'deals-window', bytes: 12_345_678_901 })).toEqual({
      name: 'deals-window',
      bytes: 12_345_678_901,
    });
  });

  it('puts something in the place of computers and home folders, the longer first', () => {
    const { text } = hidePersonal({
      ...nobody,
      instead: new Map([
        ['/home/anna', '~'],
        ['annas-pc', 'computer 1'],
        ['annas-pc-2', 'computer 2'],
      ]),
    });
    expect(text('/home/anna/.local on annas-pc-2 and console 1@annas-pc')).toBe(
      '~/.local on computer 2 and console 1@computer 1',
    );
  });

  it('finds a canary in whatever it is nested, and keeps JSON what it is', () => {
    const { all } = hidePersonal({ ...nobody, names: ['Kanariefågel'] });
    const canary = fc.constantFrom('kanariefågel', 'a@b.se', '+46701234567', '46701234567');
    const nested = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc
          .tuple(fc.constantFrom('', 'x ', '('), canary, fc.constantFrom('', ' y', ')'))
          .map((parts) => parts.join('')),
        fc.integer(),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(fc.oneof(fc.string(), canary), tie('tree'), { maxKeys: 4 }),
      ),
    })).tree;
    fc.assert(
      fc.property(nested, (given) => {
        const text = JSON.stringify(all(given)).toLowerCase();
        for (const found of ['kanariefågel', 'a@b.se', '46701234567']) expect(text).not.toContain(found);
      }),
    );
  });

  it('costs no more than the length of a hostile line', () => {
    const { text } = hidePersonal({ ...nobody, names: ['a'.repeat(100)] });
    for (const hostile of [
      'a@'.repeat(50_000),
      '1'.repeat(100_000),
      'a.'.repeat(50_000),
      '+4 '.repeat(30_000),
    ])
      expect(text(hostile).length).toBeLessThan(1_000_000);
  });
});
