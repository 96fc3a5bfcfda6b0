import { copyWriter, type CopyValue } from '../storage/copy-text.ts';
import type { PackageFact } from './package-fact.ts';

/** Columns of the stage, in the order of `catalogueRows`. */
export const stageColumns =
  'id, reseller_id, name, plan, place, country_code, country_name, country_codes, region, geography, data_mb, ' +
  'unlimited, days, price, calls, sms, hotspot, throttle';

/** Rows in one chunk: small enough that handing one over takes no time. */
const rowsPerChunk = 500;

/** The catalogue as text for COPY, ready to be streamed. */
export function catalogueRows(facts: readonly PackageFact[]): Uint8Array<ArrayBuffer>[] {
  const write = copyWriter();
  const encoder = new TextEncoder();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < facts.length; at += rowsPerChunk) {
    const rows = facts.slice(at, at + rowsPerChunk).map((fact) => valuesOf(fact).map(write).join('\t'));
    chunks.push(encoder.encode(`${rows.join('\n')}\n`));
  }
  return chunks;
}

function valuesOf(fact: PackageFact): CopyValue[] {
  return [
    ...[fact.id, fact.resellerId, fact.name, fact.plan, fact.place, fact.countryCode, fact.countryName],
    arrayText(fact.countryCodes),
    ...[fact.region, fact.geography, fact.dataMb, fact.unlimited, fact.days, fact.price],
    ...[fact.calls, fact.sms, fact.hotspot, fact.throttle],
  ];
}

function arrayText(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/(["\\])/g, '\\$1')}"`).join(',')}}`;
}
