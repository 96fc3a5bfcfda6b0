import fc from 'fast-check';
import { expect, test } from 'vitest';
import { capture, parseJson, readBody, vendorWords } from '../../src/main/upstream/read-json.ts';

function streamOf(bytes: Uint8Array, chunkSize: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, (at += chunkSize)));
    },
  });
}

async function throughBody(text: string, chunkSize = 7): Promise<unknown> {
  return parseJson(await readBody(streamOf(new TextEncoder().encode(text), chunkSize), 1_000_000));
}

function nested(depth: number, inner: string): string {
  return '['.repeat(depth) + inner + ']'.repeat(depth);
}

test('what is not deep comes through unchanged, however it is cut into chunks', async () => {
  await fc.assert(
    fc.asyncProperty(fc.json({ maxDepth: 20 }), fc.integer({ min: 1, max: 9 }), async (text, chunkSize) => {
      expect(JSON.stringify(await throughBody(text, chunkSize))).toBe(JSON.stringify(JSON.parse(text)));
    }),
    { numRuns: 500 },
  );
});

test('nothing deeper than 32 comes through, and what stands beside it does', async () => {
  for (const depth of [31, 40, 1_000, 100_000]) {
    const deep = nested(depth, '"]}\\"", {"a": 1}');
    const body = (await throughBody(`{"id": 1, "odd": ${deep}, "next": "é"}`, 1_000)) as Record<
      string,
      unknown
    >;
    expect(body).toMatchObject({ id: 1, next: 'é' });
    expect(depthOf(body)).toBeLessThanOrEqual(32);
  }
  expect(await throughBody(nested(32, ''))).toEqual(JSON.parse(nested(32, '')));
});

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

test('a depth bomb that is cut short stays unreadable', async () => {
  await expect(throughBody('['.repeat(100_000), 5_000)).rejects.toMatchObject({
    code: 'UPSTREAM_UNREADABLE',
  });
});

test('stops reading beyond the cap', async () => {
  let pulled = 0;
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled += 1;
      controller.enqueue(new Uint8Array(1_000));
    },
    cancel() {
      cancelled = true;
    },
  });
  await expect(readBody(endless, 10_000)).rejects.toMatchObject({
    code: 'UPSTREAM_UNREADABLE',
    again: false,
  });
  expect(pulled).toBeLessThan(15);
  expect(cancelled).toBe(true);
});

test('every cut of a document is refused, and none of its words are in the message', () => {
  const text = JSON.stringify({ leads: [{ id: 929473146, name: 'Åsa Öberg', phone: '+46701234567' }] });
  for (let length = 0; length < text.length; length++) {
    const cut = new TextEncoder().encode(text.slice(0, length));
    try {
      parseJson(cut);
      expect.fail(`accepted ${length} bytes`);
    } catch (error) {
      const shown = String((error as Error).message) + String((error as Error).cause ?? '');
      expect((error as { code?: string }).code).toBe('UPSTREAM_UNREADABLE');
      expect(shown).not.toMatch(/Öberg|Åsa|7012345|929473/);
    }
  }
});

test('bytes in another encoding cost their field only', () => {
  const body = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xc5]), Buffer.from('sa","id":1}')]);
  expect(parseJson(body)).toEqual({ name: '\ufffdsa', id: 1 });
  expect(() => parseJson(Buffer.from('{"id":1}', 'utf16le'))).toThrow(
    expect.objectContaining({ code: 'UPSTREAM_UNREADABLE' }),
  );
  expect(parseJson(Buffer.from('\ufeff{"id":1}'))).toEqual({ id: 1 });
});

test('shows the outline of an answer, and the vendor’s words without addresses and numbers', () => {
  expect(capture('{"name":"Erik 070","x":')).toBe('{"aaaa":"aaaa 000","a":');
  expect(vendorWords('Unknown campaignId 17\r\nfor erik@example.com, +46 70 123 45 67')).toBe(
    'Unknown campaignId 17 for … …',
  );
});
