import { Textarea, type TextareaProps } from '@mantine/core';
import type { ReactNode } from 'react';

/**
 * A text field as high as what is written in it, between so many lines. The browser measures that by itself: measured
 * by script it cost 25 ms of layout with each case that was shown.
 */
export function GrownText(props: TextareaProps & { minRows: number; maxRows: number }): ReactNode {
  const { minRows, maxRows, ...rest } = props;
  const height = (lines: number) => `calc(${lines}lh + 2 * var(--input-padding-y) + 2px)`;
  const input = { fieldSizing: 'content' as const, minHeight: height(minRows), maxHeight: height(maxRows) };
  return <Textarea {...rest} styles={{ input }} />;
}
