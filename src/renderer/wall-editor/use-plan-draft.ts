import { useEffect, useState } from 'react';
import type { WallSlide } from '../../shared/contract/wall-plan.ts';
import type { DisplayName } from '../../shared/contract/wall-window.ts';
import { slidesFor, withPlan } from '../../shared/wall-schedule.ts';
import { useServices } from '../services.ts';
import { useConsoleSettings } from '../settings/use-console-settings.ts';

export interface PlanDraft {
  readonly slides: readonly WallSlide[];
  readonly dirty: boolean;
  set(slides: readonly WallSlide[]): void;
  discard(): void;
  /** Shows the draft on the wall, at once and from now on. */
  save(): Promise<void>;
}

/** The slides of a display as they are edited, until they are shown on the wall or let go. */
export function usePlanDraft(display: DisplayName | null): PlanDraft {
  const { navigation } = useServices();
  const { settings, change } = useConsoleSettings();
  const stored = slidesFor(settings.wallPlans, display);
  const [draft, setDraft] = useState<readonly WallSlide[] | null>(null);
  const dirty = draft !== null && JSON.stringify(draft) !== JSON.stringify(stored);
  useEffect(() => {
    navigation.setState({ unsaved: dirty });
    return () => navigation.setState({ unsaved: false });
  }, [dirty, navigation]);
  return {
    slides: draft ?? stored,
    dirty,
    set: setDraft,
    discard: () => setDraft(null),
    async save() {
      if (draft === null) return;
      await change({ wallPlans: withPlan(settings.wallPlans, { display, slides: [...draft] }) });
      setDraft(null);
    },
  };
}
