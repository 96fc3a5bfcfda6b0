import { expect, it } from 'vitest';
import { cssVariables, theme } from '../../../src/renderer/ui/theme.ts';

/** Relative luminance of `#rrggbb` (WCAG 2.1). */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
const contrast = (words: string, ground: string): number => {
  const [bright, deep] = [luminance(words), luminance(ground)].sort((a, b) => b - a);
  return (bright! + 0.05) / (deep! + 0.05);
};

it('white words on a filled button can be read in both themes', () => {
  const { dark } = cssVariables(theme as Parameters<typeof cssVariables>[0]);
  const grounds = [theme.colors?.ink?.[7], theme.colors?.danger?.[7]];
  for (const name of ['ink', 'danger'])
    for (const state of ['filled', 'filled-hover']) grounds.push(dark[`--mantine-color-${name}-${state}`]);
  for (const ground of grounds) expect(contrast('#ffffff', ground ?? '#ffffff')).toBeGreaterThanOrEqual(4.5);
});
