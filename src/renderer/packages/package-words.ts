import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Difference, InvalidReason, MyPackage } from '../../shared/contract/my-packages.ts';
import type { Format } from '../i18n/format.ts';
import { useFormat } from '../ui/use-format.ts';

type Amount = Difference['from'];

/** What a package is, in the language on screen. */
export interface PackageWords {
  /** `3 GB`, `500 MB`, `unlimited`; a dash where nobody knows. */
  data(of: { data_mb: number | null; unlimited: boolean | null }): string;
  /** `Sweden`, `United States`; the country's code where no place is known. */
  place(of: { place: string | null; country_code: string | null }): string;
  days(days: number | null): string;
  price(usd: number | null): string;
  /** `2 GB less data (1 GB instead of 3 GB)`. */
  difference(difference: Difference): string;
  /** All differences, or that there are none. */
  differences(differences: readonly Difference[]): string;
  /** Why a package on sale is not valid, with the figures that are at hand. */
  why(of: { package: MyPackage; reason: InvalidReason; detail: string | null }): string;
}

/** `500 MB`, `1.5 GB`: in the unit that people use. */
export function amountOfData(mb: number, format: Pick<Format, 'number'>): string {
  return mb < 1_024 ? `${format.number(mb)} MB` : `${format.number(Math.round((mb / 1_024) * 100) / 100)} GB`;
}

/** The supplier's short name of a place as a name: its packages are often called only by data and days. */
export function placeName(slug: string): string {
  return slug.replace(
    /(^|-)(.)/g,
    (_, dash: string, first: string) => (dash ? ' ' : '') + first.toUpperCase(),
  );
}

/** One difference in words. */
export function differenceWords(
  { field, from, to }: Difference,
  t: TFunction,
  format: Pick<Format, 'number' | 'dollars'>,
): string {
  const say = (value: Amount): string => {
    if (value === null) return t('packages.unknown');
    if (typeof value === 'boolean') return t(value ? 'packages.yes' : 'packages.no');
    if (value === 'unlimited' || value === 'none') return t(`packages.${value}`);
    if (typeof value !== 'number') return value;
    if (field === 'data') return amountOfData(value, format);
    return field === 'price' ? format.dollars(value) : t('packages.days', { count: value });
  };
  const change = t('packages.instead', { to: say(to), from: say(from) });
  const isAmount = field === 'data' || field === 'days' || field === 'price';
  if (isAmount && typeof from === 'number' && typeof to === 'number')
    return t(`packages.difference.${field}.${to < from ? 'less' : 'more'}`, {
      by: say(Math.abs(to - from)),
      change,
    });
  return `${t(`packages.field.${field}`)}: ${change}`;
}

/** The words of packages in the present language. */
export function usePackageWords(): PackageWords {
  const { t } = useTranslation();
  const format = useFormat();
  return useMemo(() => {
    const difference = (one: Difference): string => differenceWords(one, t, format);
    return {
      data({ data_mb: mb, unlimited }) {
        if (unlimited === true) return t('packages.unlimited');
        return mb === null ? '–' : amountOfData(mb, format);
      },
      place: ({ place, country_code: code }) => (place === null ? (code ?? '–') : placeName(place)),
      days: (days) => (days === null ? '–' : t('packages.days', { count: days })),
      price: (usd) => (usd === null ? '–' : format.dollars(usd)),
      difference,
      differences: (all) =>
        all.length === 0 ? t('packages.same') : all.map((one) => difference(one)).join(' · '),
      why({ package: { reseller_id: id, price, cost }, reason, detail }) {
        if (reason === 'below-cost' && price !== null && cost !== null)
          return t('packages.why.belowCost', { price: format.dollars(price), cost: format.dollars(cost) });
        if (reason === 'missing' || reason === 'retired') return t(`packages.why.${reason}`, { id });
        // What main says has the figures; it says it in English.
        return format.language === 'en' && detail !== null ? detail : t(`packages.why.${reason}`);
      },
    };
  }, [t, format]);
}
