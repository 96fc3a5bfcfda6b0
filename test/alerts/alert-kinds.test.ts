import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alertKindNames } from '../../src/shared/contract/alerts.ts';
import { alertKinds } from '../../src/main/alerts/alert-kinds.ts';

const main = join(import.meta.dirname, '../../src/main');
/** Source of everything that may raise something: all but the kinds themselves. */
const sources = readdirSync(main, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .filter((path) => !alertKindNames.some((name) => path === join('alerts', `${alertKinds[name].name}.ts`)))
  .map((path) => readFileSync(join(main, path), 'utf8'))
  .join('\n');

describe('what can notify anyone', () => {
  // Cases are told by the change stream, and `other` is what names no kind of its own.
  it.each(alertKindNames.filter((name) => name !== 'duplicate-waiting' && name !== 'other'))(
    '%s is raised somewhere under just this name',
    (name) => {
      expect(sources).toMatch(new RegExp(`kind: '${name}'`));
    },
  );

  it('has a line for each name, under the same name', () => {
    for (const name of alertKindNames) expect(alertKinds[name].name).toBe(name);
  });
});
