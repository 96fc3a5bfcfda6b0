import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { holdClaim, lookAgain, releaseClaim } from '../../../src/renderer/duplicates/use-claim.ts';

type Api = Parameters<typeof releaseClaim>[0];

let asked: string[] = [];
let isAway = false;
const answer = (what: string) => {
  asked.push(what);
  return isAway ? Promise.reject(new Error('away')) : Promise.resolve({});
};
const duplicates = {
  claim: ({ id }: { id: number }) => answer(`claim ${id}`),
  release: () => answer('release'),
};
const api = { client: () => Promise.resolve({ duplicates }) } as unknown as Api;
const seen = () => false;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  isAway = false;
});
afterEach(() => vi.useRealTimers());

it('a case is claimed once it was looked at for a second, and again every minute, as a claim lasts two', async () => {
  const end = holdClaim(api, 7, seen);
  await vi.advanceTimersByTimeAsync(999);
  expect(asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toEqual(['claim 7']);
  await vi.advanceTimersByTimeAsync(180_000);
  expect(asked).toHaveLength(4);
  end();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(asked).toHaveLength(4);
});

it('cases that are passed over are not claimed, only the one that is stayed at', async () => {
  for (let id = 1; id <= 20; id += 1) {
    const end = holdClaim(api, id, seen);
    await vi.advanceTimersByTimeAsync(300);
    end();
  }
  const end = holdClaim(api, 21, seen);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(asked).toEqual(['claim 21']);
  end();
});

it('a window that nobody sees renews nothing, so that the claim runs out', async () => {
  let isHidden = false;
  const end = holdClaim(api, 7, () => isHidden);
  await vi.advanceTimersByTimeAsync(1_000);
  isHidden = true;
  await vi.advanceTimersByTimeAsync(300_000);
  expect(asked).toEqual(['claim 7']);
  isHidden = false;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toEqual(['claim 7', 'claim 7']);
  end();
});

it('without the database it goes on trying and nobody is told', async () => {
  isAway = true;
  const end = holdClaim(api, 7, seen);
  await vi.advanceTimersByTimeAsync(61_000);
  releaseClaim(api);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toEqual(['claim 7', 'claim 7', 'release']);
  end();
});

it('a claim of somebody else is asked for again every half minute until the case is left', async () => {
  const look = vi.fn();
  const end = lookAgain(look);
  await vi.advanceTimersByTimeAsync(90_000);
  expect(look).toHaveBeenCalledTimes(3);
  end();
  await vi.advanceTimersByTimeAsync(90_000);
  expect(look).toHaveBeenCalledTimes(3);
});
