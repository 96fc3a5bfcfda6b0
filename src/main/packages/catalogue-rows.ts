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
    let text = '';
    for (const fact of facts.slice(at, at + rowsPerChunk)) text += rowOf(fact, write);
    chunks.push(encoder.encode(text));
  }
  return chunks;
}

/** One line; put together as one text, since a list for each of thousands of rows takes twice as long. */
function rowOf(fact: PackageFact, write: (value: CopyValue) => string): string {
  const { id, resellerId, name, plan, place, countryCode, countryName, countryCodes, region, geography } =
    fact;
  const { dataMb, unlimited, days, price, calls, sms, hotspot, throttle } = fact;
  return (
    `${id}\t${write(resellerId)}\t${write(name)}\t${write(plan)}\t${write(place)}\t${write(countryCode)}\t${write(countryName)}` +
    `\t${write(arrayText(countryCodes))}\t${write(region)}\t${write(geography)}\t${write(dataMb)}\t${write(unlimited)}` +
    `\t${days}\t${price}\t${write(calls)}\t${write(sms)}\t${write(hotspot)}\t${write(throttle)}\n`
  );
}

function arrayText(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/(["\\])/g, '\\$1')}"`).join(',')}}`;
}
