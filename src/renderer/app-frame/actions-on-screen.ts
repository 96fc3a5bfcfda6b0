/** Something that can be pressed on the screen, for the palette. */
export interface ActionOnScreen {
  readonly id: string;
  readonly label: string;
  /** Its key, where it has one of its own. */
  readonly key: string | null;
  press(): void;
}

/** What of an element is asked; a page's own elements have more. */
export interface Pressable {
  /** As it is seen: what stands beside or below each other, a line each. */
  readonly innerText: string;
  /** Of a switch. */
  readonly labels?: ArrayLike<{ readonly textContent: string | null }> | null;
  getAttribute(name: string): string | null;
  closest(selector: string): unknown;
  click(): void;
}

/** Buttons, tabs and switches; what can be chosen in a field is the field's own. */
export const pressable =
  'main button:not(:disabled):not([data-disabled]), main input[role="switch"]:not(:disabled)';

/** Rows have their own keys, and one button in each would be hundreds of the same. */
const inRows = '[role="row"], [role="grid"], [role="listbox"], [data-list], [aria-hidden="true"]';

/**
 * What the screen offers as it is now, in the order of the screen: whatever has a button is in the palette without being
 * listed anywhere. What is chosen already is left out, and so is a label that several have: which of them is meant
 * nobody could say. What has become another action by the time it is pressed is not pressed.
 */
export function actionsOnScreen(elements: Iterable<Pressable>): ActionOnScreen[] {
  const found = new Map<string, ActionOnScreen>();
  const several = new Set<string>();
  for (const element of elements) {
    if (element.closest(inRows) !== null || isChosen(element)) continue;
    const label = labelOf(element);
    if (label === '') continue;
    if (found.has(label)) several.add(label);
    const key = element.getAttribute('aria-keyshortcuts');
    found.set(label, {
      id: `screen-${found.size}`,
      label,
      key: key !== null && /^\S$/.test(key) ? key : null,
      press: () => {
        if (labelOf(element) === label && !isChosen(element)) element.click();
      },
    });
  }
  return [...found.values()].filter(({ label }) => !several.has(label));
}

function isChosen(element: Pressable): boolean {
  return ['aria-selected', 'aria-pressed'].some((name) => element.getAttribute(name) === 'true');
}

/** The name a screen reader says, without the count, note or key that stands beside it. */
function labelOf(element: Pressable): string {
  const given = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent;
  const [seen = ''] = element.innerText.trim().split('\n');
  return (given || seen || (element.getAttribute('title') ?? '')).trim();
}
