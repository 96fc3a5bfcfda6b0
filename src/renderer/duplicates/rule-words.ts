import type { TFunction } from 'i18next';
import type { RuleConditions } from '../../shared/contract/rules.ts';
import type { Format } from '../i18n/format.ts';
import type { RulesData } from './rules-store.ts';

/** 2024-01-01 was a Monday. */
const dayOfWeek = (day: number): Date => new Date(Date.UTC(2024, 0, day, 12));

/** `mån`, `tis` …; 1 is Monday. */
export function weekdayInWords(day: number, language: string): string {
  return new Intl.DateTimeFormat(language === 'sv' ? 'sv-SE' : 'en-GB', {
    weekday: 'short',
    timeZone: 'UTC',
  }).format(dayOfWeek(day));
}

/** A rule's conditions, a sentence for each; one sentence where it asks nothing. */
export function conditionsInWords(
  conditions: RuleConditions,
  names: Pick<RulesData, 'agents' | 'campaigns'>,
  t: TFunction,
  format: Format,
): string[] {
  const list = (words: readonly string[]) => words.map((word) => `\u2068${word}\u2069`).join(', ');
  const agentOf = (id: number) => names.agents.find((one) => one.user_id === id)?.name ?? String(id);
  const campaignOf = (id: string) => names.campaigns.find((one) => one.id === id)?.name ?? id;
  const { differsOnlyIn, agents, campaigns, commissionApartAtLeast, commissionApartAtMost } = conditions;
  const words = [
    differsOnlyIn &&
      t('rules.when.differs', {
        fields: differsOnlyIn.map((field) => t(`duplicates.field.${field}`).toLocaleLowerCase()).join(', '),
      }),
    agents && t('rules.when.agents', { names: list(agents.map(agentOf)) }),
    campaigns && t('rules.when.campaigns', { names: list(campaigns.map(campaignOf)) }),
    commissionApartAtMost === 0
      ? t('rules.when.same')
      : commissionApartAtMost === null
        ? null
        : t('rules.when.atMost', { money: format.money(commissionApartAtMost) }),
    commissionApartAtLeast === null
      ? null
      : t('rules.when.atLeast', { money: format.money(commissionApartAtLeast) }),
    conditions.weekdays &&
      t('rules.when.weekdays', {
        days: conditions.weekdays.map((day) => weekdayInWords(day, format.language)).join(', '),
      }),
    conditions.waitedMinutes === null
      ? null
      : t('rules.when.waited', { span: format.span(conditions.waitedMinutes * 60_000) }),
  ].filter((one) => one !== null);
  return words.length > 0 ? words : [t('rules.when.always')];
}
