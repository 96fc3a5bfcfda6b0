import { notifications } from '@mantine/notifications';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { failureOf, whatNext, type Failure } from '../failure.ts';
import { useServices } from '../services.ts';
import { useFormat } from '../ui/use-format.ts';
import type { PackageCalls } from './packages-store.ts';

/** What the supplier answered wrongly, in words that name it; the console's own words are about deals. */
const ofSupplier = ['UPSTREAM_REFUSED', 'UPSTREAM_FAILED', 'UPSTREAM_UNREADABLE'] as const;

/** Title and next step of a failure of packages. */
export function useFailureWords(): (failure: Failure) => { title: string; next: string } {
  const { t, i18n } = useTranslation();
  return useMemo(
    () => (failure) => {
      const { code } = failure;
      const own = ofSupplier.find((one) => one === code);
      return {
        title: own === undefined ? t(`errors.${code}.title`) : t(`packages.errors.${own}`),
        next: whatNext(failure, t, i18n.language),
      };
    },
    [t, i18n],
  );
}

export interface PackageActions {
  /** Makes a call; a failure is told in words and answered with null. */
  attempt<T>(work: (packages: PackageCalls) => Promise<T>): Promise<T | null>;
  /** Says what was done. */
  tell(title: string, message?: string): void;
  /** Fetches the overview and every list that was looked at again. */
  refresh(): void;
  startPass(): Promise<void>;
  cancelPass(): Promise<void>;
  validate(): Promise<void>;
}

/** What can be done about packages from anywhere; failures are told. */
export function usePackageActions(): PackageActions {
  const { api, packages } = useServices();
  const { t } = useTranslation();
  const format = useFormat();
  const words = useFailureWords();
  return useMemo(() => {
    const tell = (title: string, message = ''): void => {
      notifications.show({ title, message, color: 'green' });
    };
    async function attempt<T>(work: (calls: PackageCalls) => Promise<T>): Promise<T | null> {
      try {
        return await work((await api.client()).packages);
      } catch (error) {
        const { title, next } = words(failureOf(error));
        notifications.show({ title, message: next, color: 'red' });
        return null;
      }
    }
    function refresh(): void {
      for (const one of [packages.state, packages.health, packages.needy, ...packages.lists])
        void one.reload();
    }
    return {
      attempt,
      tell,
      refresh,
      async startPass() {
        const done = await attempt((calls) => calls.sync());
        if (done?.started === false) tell(t('sync.alreadyRunning'));
        await packages.state.reload();
      },
      async cancelPass() {
        const done = await attempt((calls) => calls.cancel());
        if (done?.cancelled === false) tell(t('sync.tooLate'));
      },
      async validate() {
        const found = await attempt((calls) => calls.validate());
        if (found === null) return;
        const { valid, invalid } = found;
        tell(
          t('packages.validate.done'),
          t('packages.validate.result', { valid: format.number(valid), invalid: format.number(invalid) }),
        );
        refresh();
      },
    };
  }, [api, packages, t, format, words]);
}
