import { expect, it } from 'vitest';
import { actionsOnScreen, type Pressable } from '../../../src/renderer/app-frame/actions-on-screen.ts';

const pressed: string[] = [];
function button(text: string, given: Record<string, string> = {}, more: Partial<Pressable> = {}): Pressable {
  return {
    innerText: text,
    getAttribute: (name) => given[name] ?? null,
    closest: () => null,
    click: () => void pressed.push(given['aria-label'] ?? text),
    ...more,
  };
}

it('offers what the screen has as a screen reader names it, with its key; not what several are named', () => {
  const inRow = button('Pause', {}, { closest: () => ({}) });
  const withKey = button('Reject\nx', { 'aria-keyshortcuts': 'x', title: 'keeps the old one' });
  const found = actionsOnScreen([
    button('Save as CSV', { 'aria-keyshortcuts': 'e d' }),
    withKey,
    button('', { 'aria-label': 'Sync deals now' }),
    button('', { title: 'Other sorting' }),
    button('Switch off'),
    button('Switch off'),
    button('', {}, { labels: [{ textContent: ' Follow ' }] }),
    button('Board', { 'aria-selected': 'true' }),
    button(''),
    inRow,
  ]);
  expect(found.map(({ label, key }) => [label, key])).toEqual([
    ['Save as CSV', null],
    ['Reject', 'x'],
    ['Sync deals now', null],
    ['Other sorting', null],
    ['Follow', null],
  ]);
  found[2]?.press();
  expect(pressed).toEqual(['Sync deals now']);
});

it('does not press what has become another action meanwhile', () => {
  const element = { ...button('Start the pass') };
  const [action] = actionsOnScreen([element]);
  Object.assign(element, { innerText: 'Cancel the pass' });
  action?.press();
  expect(pressed).not.toContain('Start the pass');
});
