import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconArrowsExchange,
  IconCircleX,
  IconInfoCircle,
} from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { AlertOutcome } from '../../shared/contract/alerts.ts';
import type { HealthEventType, HealthEventView } from '../../shared/contract/health.ts';
import { useFormat } from '../ui/use-format.ts';
import type { Tone } from '../ui/state-word.tsx';
import { eventSentence } from './event-sentence.ts';

/** How each type looks: colour only beside its icon and word. */
export const typeLook: Readonly<Record<HealthEventType, { tone: Tone; icon: typeof IconInfoCircle }>> = {
  INFO: { tone: 'quiet', icon: IconInfoCircle },
  WARNING: { tone: 'warn', icon: IconAlertTriangle },
  ERROR: { tone: 'bad', icon: IconCircleX },
  SWITCH: { tone: 'plain', icon: IconArrowsExchange },
  CRITICAL: { tone: 'bad', icon: IconAlertOctagon },
};

/** Kinds and outcomes in words; what a newer program wrote is shown as it is. */
export function useHealthWords(): {
  kind(kind: string): string;
  /** What happened, in the console's language; null where only main has words for it. */
  sentence(event: HealthEventView): string | null;
  /** What became of an event as a notification here. */
  outcome(outcome: AlertOutcome): string;
} {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  return useMemo(
    () => ({
      kind: (kind) => {
        const key = `alerts.kind.${kind}`;
        return i18n.exists(key) ? t(key as 'alerts.kind.mode') : kind;
      },
      sentence: (event) => eventSentence(event, { t, format }),
      outcome: ({ result, why }) => {
        if (result !== 'withheld') return t(`health.alert.${result}`);
        const key = `health.why.${why}`;
        return i18n.exists(key) ? t(key as 'health.why.off') : t('health.alert.withheld');
      },
    }),
    [t, i18n, format],
  );
}
