import { expect, it } from 'vitest';
import { sendRound, type SendTo } from '../../src/main/outbox/send-outbox.ts';
import type { AccountPayload } from '../../src/main/outbox/kept-decision.ts';
import { silentLog } from '../../src/main/log.ts';
import { clock, databaseId, decision, openOutbox } from './outbox-office.ts';

const request = (email: string, given: Partial<AccountPayload> = {}): AccountPayload => ({
  ...{ kind: 'account', key: `key-${email.toLowerCase()}`, email, name: 'Anna', plan: 'basic' },
  ...{ actor: 'anna', console: 'test' },
  ...given,
});
const nothing = { by: null, resolution: null, at: null, version: null, now: null };
const done = { ...nothing, kind: 'done' as const, message: 'Made.' };

function office(
  send: (key: string) => Promise<typeof done>,
  find: (key: string) => Promise<typeof done | null>,
) {
  const { outbox, durable } = openOutbox();
  const told: string[] = [];
  const target: SendTo = {
    databaseId,
    send: () => Promise.reject(new Error('no decision here')),
    find: () => Promise.resolve(null),
    giveUp: () => Promise.resolve(null),
    accounts: { send: ({ key }) => send(key), find },
  };
  const round = () =>
    sendRound(
      {
        ...{ outbox, clock, log: silentLog(), random: () => 0.5, target: () => target },
        tell: (sentence) => void told.push(sentence),
      },
      new AbortController().signal,
    );
  return { outbox, durable, told, round };
}

it('keeps a request once, whole on disk, and refuses another for the same email', () => {
  const { outbox, durable } = office(
    () => Promise.resolve(done),
    () => Promise.resolve(null),
  );
  const id = outbox.keepAccount(databaseId, request('anna@example.com'));
  expect(outbox.keepAccount(databaseId, request('ANNA@example.com', { key: 'key-anna@example.com' }))).toBe(
    id,
  );
  expect(() => outbox.keepAccount(databaseId, request('anna@example.com', { plan: 'gold' }))).toThrow(
    'waits on this',
  );
  expect(() => outbox.keepAccount(databaseId, request('anna@example.com', { key: 'other' }))).toThrow(
    'waits on this',
  );
  outbox.keep(databaseId, decision({ id: 7, version: 1 }));
  durable.close();
  expect(outbox.listAccounts(databaseId)).toMatchObject([{ email: 'anna@example.com', state: 'waiting' }]);
  expect(outbox.list(databaseId)).toMatchObject([{ duplicate_id: 7 }]);
  expect([...outbox.waitingCases(databaseId)]).toEqual([7]);
});

it('sends each, looks up one whose answer was lost, and sets one aside that fails too often', async () => {
  const sent: string[] = [];
  const { outbox, told, round } = office(
    (key) => {
      sent.push(key);
      return key === 'key-a@example.com' ? Promise.resolve(done) : Promise.reject(new Error('no answer'));
    },
    (key) => Promise.resolve(key === 'key-b@example.com' ? done : null),
  );
  for (const name of ['a', 'b', 'c']) outbox.keepAccount(databaseId, request(`${name}@example.com`));
  for (let rounds = 0; rounds < 5; rounds++) await round();
  expect(
    outbox
      .listAccounts(databaseId)
      .map(({ email, state }) => [email, state])
      .sort(),
  ).toEqual([
    ['a@example.com', 'applied'],
    ['b@example.com', 'applied'],
    ['c@example.com', 'rejected'],
  ]);
  expect(sent.filter((key) => key === 'key-b@example.com')).toHaveLength(1);
  expect(told).toEqual([expect.stringContaining('c@example.com')]);
});
