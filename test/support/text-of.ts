import type { FileContent } from '../../src/main/csv.ts';

/** What a file of this content would hold. */
export async function textOf(content: FileContent): Promise<string> {
  if (typeof content === 'string') return content;
  let text = '';
  await content((piece) => {
    text += piece;
    return Promise.resolve();
  });
  return text;
}
