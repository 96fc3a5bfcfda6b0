import { StandardRPCJsonSerializer } from '@orpc/client/standard';
import { getEventIteratorSchemaDetails, isContractProcedure } from '@orpc/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { plainJson } from '../../src/main/electron/plain-json.ts';
import { consoleContract } from '../../src/shared/contract/index.ts';
import { wallContract } from '../../src/shared/contract/wall.ts';

const page = new StandardRPCJsonSerializer();
const main = new StandardRPCJsonSerializer({ customJsonSerializers: [plainJson] });

/** As it travels: written here, read by a page that knows nothing of ours. */
function travelled(value: unknown): unknown {
  const [json, meta] = main.serialize(value);
  const message = JSON.parse(JSON.stringify({ json, meta })) as { json: unknown; meta: never[] };
  return page.deserialize(message.json, message.meta);
}

describe('answers sent as plain JSON', () => {
  it('arrive as they were', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        // JSON has no negative zero.
        expect(travelled(value)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(travelled(undefined)).toBe(undefined);
  });

  it('would not be right for a date, which a contract must therefore not answer', () => {
    expect(travelled({ at: new Date(0) })).toEqual({ at: '1970-01-01T00:00:00.000Z' });
  });

  const procedures = Object.entries({ ...consoleContract, ...wallContract }).flatMap(([feature, group]) =>
    Object.entries(group).map(([name, procedure]) => [`${feature}.${name}`, procedure as unknown] as const),
  );

  it.each(procedures)('%s answers nothing else', (_name, procedure) => {
    if (!isContractProcedure(procedure)) throw new Error('not a procedure');
    const schema = procedure['~orpc'].outputSchema;
    expect(otherThanJson(getEventIteratorSchemaDetails(schema)?.yields ?? schema)).toEqual([]);
  });

  it('and something else would be noticed', () => {
    expect(otherThanJson(z.object({ at: z.array(z.date().nullable()), ids: z.set(z.string()) }))).toEqual([
      'date',
      'set',
    ]);
  });
});

/** Kinds in a schema whose values JSON does not have. */
function otherThanJson(schema: unknown): string[] {
  if (schema === undefined) return [];
  const kinds = new Set<string>();
  z.toJSONSchema(schema as z.ZodType, {
    io: 'output',
    unrepresentable: 'any',
    override: ({ zodSchema }) => void kinds.add(zodSchema._zod.def.type),
  });
  return ['date', 'bigint', 'map', 'set', 'nan', 'symbol', 'file'].filter((kind) => kinds.has(kind));
}
