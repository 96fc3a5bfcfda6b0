import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bearerToken, checkSender } from '../../src/main/http/check-sender.ts';

const refused = (headers: string[], target = '/health', port = 4180) => {
  try {
    checkSender({ method: 'GET', target, headers }, port);
    return null;
  } catch (error) {
    return (error as { status: number }).status;
  }
};

describe('who may call', () => {
  it('is whoever calls us by our own address and is no page', () => {
    for (const host of ['127.0.0.1:4180', 'localhost:4180'])
      for (const name of ['Host', 'host', 'HOST']) expect(refused([name, host])).toBeNull();
    expect(refused(['Host', '127.0.0.1'], '/health', 80)).toBeNull();
    expect(refused(['Host', '127.0.0.1'])).toBe(403);
  });

  it('is nobody by a name that merely looks like ours, as a naive check lets in', () => {
    const naive = (host: string) => host.startsWith('127.') || host.startsWith('localhost');
    const bent = [
      '127.evil.com:4180',
      '127.0.0.1.evil.com:4180',
      'localhost.evil.com:4180',
      '127.0.0.1:4180@evil.com',
    ];
    for (const host of bent) {
      expect(naive(host)).toBe(true);
      expect(refused(['Host', host])).toBe(403);
    }
  });

  it('is nobody else, whatever they send', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (host, origin) => {
        expect(refused(['Host', host])).toBe(
          host === '127.0.0.1:4180' || host === 'localhost:4180' ? null : 403,
        );
        expect(refused(['Host', '127.0.0.1:4180', 'Origin', origin])).toBe(403);
        expect(refused(['Host', '127.0.0.1:4180', 'Host', host])).toBe(403);
      }),
    );
    expect(refused([])).toBe(403);
  });

  it('asks by a path, not by an address', () => {
    for (const target of [
      '',
      '*',
      'health',
      '//x/health',
      'http://127.0.0.1:4180/health',
      '/a b',
      '/ä',
      '/x#y',
      '/\n',
    ])
      expect(refused(['Host', '127.0.0.1:4180'], target)).toBe(400);
  });
});

describe('the token', () => {
  it('is one bearer token in one header', () => {
    expect(bearerToken(['Authorization', 'Bearer abc'])).toBe('abc');
    expect(bearerToken(['authorization', 'bearer  a.b_c~'])).toBe('a.b_c~');
    for (const headers of [
      [],
      ['Authorization', ''],
      ['Authorization', 'Bearer '],
      ['Authorization', 'Bearer a b'],
      ['Authorization', 'Basic abc'],
      ['Authorization', 'Bearer a', 'Authorization', 'Bearer a'],
      ['Authorization', `Bearer ${'a'.repeat(513)}`],
    ])
      expect(bearerToken(headers)).toBeNull();
  });
});
