import { expect, it } from 'vitest';
import { decideNext, decideStanding, type StandingRequest } from '../../src/main/accounts/decide-request.ts';
import { ask } from './account-office.ts';

const request = ask('Anna@example.com', { key: 'k-1' });
const local = (requestKey: string) => ({ requestKey, directoryId: 'd-1' });
const user = (requestKey: string | null) => ({ id: 'd-1', email: 'anna@example.com', requestKey });

it('creates only where neither the directory nor we know the email', () => {
  const all = [
    [null, null, 'create'],
    [user('k-1'), null, 'complete'],
    [user('k-2'), null, 'refuse'],
    [user(null), null, 'refuse'],
    [null, local('k-1'), 'skip'],
    [user('k-1'), local('k-1'), 'skip'],
    [user(null), local('k-1'), 'skip'],
    [null, local('k-2'), 'refuse'],
    [user('k-1'), local('k-2'), 'refuse'],
  ] as const;
  for (const [found, row, expected] of all) expect(decideNext(request, found, row).do).toBe(expected);
});

const stored = (given: Partial<StandingRequest> = {}): StandingRequest => ({
  ...{ key: 'k-1', email: 'anna@example.com', name: 'Anna Berg', plan: 'basic', state: 'open' },
  ...given,
});

it('knows a repeat by key or by email, and refuses what asks for something else', () => {
  const of = (ofKey: StandingRequest | null, ofEmail: StandingRequest | null, asked = request) =>
    decideStanding(asked, { ofKey, ofEmail });
  expect(of(null, null)).toEqual({ kind: 'new' });
  expect(of(stored(), stored())).toEqual({ kind: 'open', key: 'k-1' });
  const finished = stored({ state: 'finished' });
  expect(of(finished, finished)).toEqual({ kind: 'finished', key: 'k-1' });
  expect(of(stored({ state: 'refused' }), null)).toEqual({ kind: 'again', key: 'k-1' });
  expect(of(stored({ email: 'bo@example.com' }), null).kind).toBe('refused');
  expect(of(null, stored({ key: 'k-2' })).kind).toBe('refused');
  expect(of(stored({ state: 'refused' }), stored({ key: 'k-2' })).kind).toBe('refused');
  expect(of(stored({ plan: 'gold' }), stored({ plan: 'gold' })).kind).toBe('refused');
  // Without a key it is the one of its email, whatever that one's key is.
  expect(of(null, stored({ key: 'k-2' }), ask('anna@example.com'))).toEqual({ kind: 'open', key: 'k-2' });
  expect(of(null, stored({ key: 'k-2', name: 'Other' }), ask('anna@example.com')).kind).toBe('refused');
});
