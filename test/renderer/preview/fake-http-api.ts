import { implement } from '@orpc/server';
import type { ApiToken } from '../../../src/shared/contract/http-api.ts';
import { consoleContract } from '../../../src/shared/contract/index.ts';
import { ago, type Scenario } from './scenarios.ts';

const names = [
  'Löneskript',
  'Veckorapport',
  'Skärmen i receptionen',
  'Bokföringsprogrammets nattliga hämtning av resultat',
];

function makeToken(name: string, index: number): ApiToken {
  return {
    id: index + 1,
    name,
    scopes: index % 2 === 0 ? ['read', 'decide'] : ['read'],
    created_at: ago(86_400 * (index + 3)),
    created_by: 'anna',
    last_used_at: index === 1 ? null : ago(400 * (index + 1)),
  };
}

/** The HTTP API of one scenario: off without tokens, on with some, or without its port. */
export function createFakeHttpApi(scenario: Scenario, answer: <T>(make: () => T) => Promise<T>) {
  const os = implement(consoleContract).httpApi;
  const off = scenario === 'empty' || scenario === 'first';
  const failed = scenario === 'long';
  let tokens = off ? [] : names.map(makeToken);
  return {
    state: os.state.handler(() =>
      answer(() => ({
        state: failed ? ('failed' as const) : off ? ('off' as const) : ('on' as const),
        by: off || failed ? ('settings' as const) : ('environment' as const),
        address: off || failed ? null : 'http://127.0.0.1:4180',
        message: failed
          ? 'The HTTP API cannot have port 4180: another program has it. Choose another port.'
          : null,
        environment_token: !off && !failed,
      })),
    ),
    tokens: os.tokens.handler(() => answer(() => tokens)),
    createToken: os.createToken.handler(({ input }) => {
      const about = { ...makeToken(input.name, tokens.length), scopes: input.scopes, last_used_at: null };
      tokens = [...tokens, about];
      return { token: `odk_${'Q2xlYXJseU5vdEFSZWFsVG9rZW5Pbmx5QVByZXZpZXc'.slice(0, 43)}`, about };
    }),
    copyToken: os.copyToken.handler(() => ({ copied: true as const })),
    revokeToken: os.revokeToken.handler(({ input }) => {
      tokens = tokens.filter((token) => token.id !== input.id);
      return { revoked: true as const };
    }),
  };
}
