import type { FileContent } from '../../src/main/csv.ts';

/** What a file of this content would hold. */
export async function textOf(content: FileContent): Promise<string> {
  if (typeof content === 'string') return content;
  if (content instanceof Uint8Array) return Buffer.from(content).toString('utf8');
  let text = '';
  await content((piece) => {
    text += piece;
    return Promise.resolve();
  });
  return text;
}
