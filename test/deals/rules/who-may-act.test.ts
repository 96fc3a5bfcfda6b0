import { describe, expect, it } from 'vitest';
import { httpContract } from '../../../src/shared/contract/http/http-contract.ts';
import { consoleContract } from '../../../src/shared/contract/index.ts';
import { rulesContract, ruleSwitch } from '../../../src/shared/contract/rules.ts';
import { wallContract } from '../../../src/shared/contract/wall.ts';

/** Every name in a contract, however deep. */
function namesOf(contract: object, path: string[] = []): string[] {
  if ('~orpc' in contract) {
    const { path: route } = (contract['~orpc'] as { route?: { path?: string } }).route ?? {};
    return [`${path.join('.')} ${route ?? ''}`];
  }
  return Object.entries(contract).flatMap(([name, part]) => namesOf(part as object, [...path, name]));
}
const naming = (contract: object) => namesOf(contract).filter((name) => /rule/i.test(name));

describe('who may let a rule act', () => {
  it('is asked in a console’s window: neither the wall nor the HTTP API can name a rule', () => {
    expect(naming(consoleContract).length).toBe(Object.keys(rulesContract).length);
    expect(namesOf(httpContract).length).toBeGreaterThan(20);
    expect(naming(httpContract)).toEqual([]);
    expect(naming(wallContract)).toEqual([]);
  });

  it('is refused by the contract without the rule’s name', () => {
    const asked = { id: 1, version: 1 };
    expect(ruleSwitch.safeParse({ ...asked, to: 'acting' }).success).toBe(false);
    expect(ruleSwitch.safeParse({ ...asked, to: 'acting', name: 'x' }).success).toBe(true);
    expect(ruleSwitch.safeParse({ ...asked, to: 'shadow' }).success).toBe(true);
  });
});
