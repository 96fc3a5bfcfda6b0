import { hashText } from '../seeded-random.ts';
import { allPlaces, type Place } from './places.ts';

/** One package as the supplier sends it. Field names are the vendor's: `day`, not days; amounts in MB. */
export interface WirePackage {
  packageId: string;
  package: string;
  plan: string;
  activation: string;
  day: number;
  price: number;
  isUnlimited: boolean;
  dataAmount: number;
  dataUnit: string;
  [field: string]: unknown;
}

export interface WireGroup {
  id: string;
  countryName: string;
  countryCode: string;
  countrySlug: string;
  region: string;
  geography: string;
  packages: WirePackage[];
  [field: string]: unknown;
}

/** Not a number of bytes: the supplier's word for unlimited. */
const unlimitedAmount = 9_007_199_254_740_991;
const days = [1, 3, 5, 7, 10, 15, 20, 30];
const amounts = ['1gb', '2gb', '3gb', '5gb', '10gb', '20gb', 'un1gb', 'un2gb'];

interface Sold {
  place: Place;
  id: string;
  days: number;
  amount: string;
  price: number;
}

/** The supplier's offer: a function of seed and calendar day, and what a test has moved in it. */
export class RoamifyCatalogue {
  readonly #sold: readonly Sold[];
  readonly #seed: string;
  readonly #removed = new Set<string>();
  readonly #prices = new Map<string, number>();
  readonly #slugs = new Map<string, string>();
  readonly #day: () => number;

  /** `size` packages at most; `day` counts calendar days and lets the offer change by itself, or stands still. */
  constructor(options: { seed: string; size: number; day: () => number }) {
    this.#seed = options.seed;
    this.#day = options.day;
    this.#sold = makeSold(options.seed, options.size);
  }

  get ids(): string[] {
    return this.#listed().map((sold) => this.#idOf(sold));
  }

  has(id: string): boolean {
    return this.ids.includes(id);
  }

  /** Takes packages off the list; `undefined` again with `restore`. */
  remove(...ids: string[]): void {
    for (const id of ids) this.#removed.add(id);
  }

  restore(...ids: string[]): void {
    for (const id of ids) this.#removed.delete(id);
  }

  setPrice(id: string, price: number): void {
    this.#prices.set(id, price);
  }

  /** A place gets another slug: all its ids change. */
  renamePlace(slug: string, to: string): void {
    this.#slugs.set(slug, to);
  }

  priceOf(id: string): number {
    const sold = this.#listed().find((one) => this.#idOf(one) === id);
    if (!sold) throw new RangeError(`No package ${id}`);
    return this.#priceOf(sold);
  }

  /** The nested answer: each place's packages, and the wider places' again under some of the countries they cover. */
  groups(filter: { country?: string; geography?: string; packageId?: string } = {}): WireGroup[] {
    const listed = this.#listed();
    const byPlace = new Map<Place, Sold[]>();
    for (const sold of listed) byPlace.set(sold.place, [...(byPlace.get(sold.place) ?? []), sold]);
    const wide = listed.filter((sold) => sold.place.geography !== 'local' && sold.days === 30);
    return [...byPlace]
      .map(([place, own]) => {
        const also = place.geography === 'local' ? wide.filter((sold) => coversVisibly(sold, place)) : [];
        return this.#group(place, [...own, ...also], filter.packageId);
      })
      .filter((group) => filter.country === undefined || group.countryCode === filter.country)
      .filter((group) => filter.geography === undefined || group.geography === filter.geography)
      .filter((group) => filter.packageId === undefined || group.packages.length > 0);
  }

  #group(place: Place, sold: readonly Sold[], packageId: string | undefined): WireGroup {
    const slug = this.#slugs.get(place.slug) ?? place.slug;
    const packages = sold
      .map((one) => this.#wire(one))
      .filter((one) => !packageId || one.packageId === packageId);
    const prices = packages.map((one) => one.price);
    return {
      id: `${slug}-esims`,
      countryName: place.name,
      countryCode: place.code,
      countrySlug: slug,
      region: place.region,
      geography: place.geography,
      minPrice: Math.min(...prices),
      maxPrice: Math.max(...prices),
      image: `https://images.example.com/${slug}.png`,
      signals: [{ code: place.code, name: place.name, networks: ['4G', '5G'], carriers: ['Carrier'] }],
      packages,
    };
  }

  #listed(): Sold[] {
    const day = this.#day();
    return this.#sold.filter((sold) => !this.#removed.has(this.#idOf(sold)) && !this.#isAway(sold, day));
  }

  /** In any month one package in fifty is not offered; each has months of its own. */
  #isAway(sold: Sold, day: number): boolean {
    if (day < 0) return false;
    const own = hashText(`${this.#seed}:${sold.id}`);
    return hashText(`${this.#seed}:${sold.id}:${Math.floor((day + (own % 30)) / 30)}`) % 50 === 0;
  }

  #idOf(sold: Sold): string {
    const slug = this.#slugs.get(sold.place.slug) ?? sold.place.slug;
    return `esim-${slug}-${sold.days}days-${sold.amount}-all`;
  }

  #priceOf(sold: Sold): number {
    const given = this.#prices.get(this.#idOf(sold));
    if (given !== undefined) return given;
    const day = this.#day();
    const season = day < 0 ? 0 : Math.floor((day + (hashText(sold.id) % 120)) / 120);
    const move = (hashText(`${this.#seed}:${sold.id}:price:${season}`) % 21) - 10;
    return Math.round(sold.price * (100 + move)) / 100;
  }

  #wire(sold: Sold): WirePackage {
    const unlimited = sold.amount.startsWith('un');
    const gb = Number(/\d+/.exec(sold.amount)?.[0]);
    return {
      packageId: this.#idOf(sold),
      package: `${unlimited ? 'Unlimited' : `${gb} GB`} - ${sold.days} Days`,
      plan: 'data-only',
      activation: 'first-use',
      day: sold.days,
      price: this.#priceOf(sold),
      isUnlimited: unlimited,
      isAPNAutomatic: true,
      apn: 'internet',
      dataAmount: unlimited ? unlimitedAmount : gb * 1_024,
      dataUnit: 'MB',
      callType: '',
      callAmount: -1,
      callUnit: 'Minutes',
      smsType: '',
      smsAmount: -1,
      smsUnit: 'SMS',
      withSMS: false,
      withCall: false,
      withHotspot: true,
      withDataRoaming: true,
      withDestinationInstall: false,
      withUsageCheck: true,
      withThrottle: unlimited,
      throttle: unlimited
        ? {
            throttleSpeed: 512,
            throttleSpeedUnit: 'Kbps',
            throttleThreshold: gb * 1_024,
            throttleThresholdUnit: 'MB',
          }
        : { throttleSpeed: 0, throttleSpeedUnit: '', throttleThreshold: 0, throttleThresholdUnit: '' },
      notes: [],
    };
  }
}

function makeSold(seed: string, size: number): Sold[] {
  const places = allPlaces();
  const all = amounts.flatMap((amount) =>
    days.flatMap((period) =>
      places.map((place) => ({
        place,
        id: `esim-${place.slug}-${period}days-${amount}-all`,
        days: period,
        amount,
        price: basePrice(seed, place, period, amount),
      })),
    ),
  );
  return all.slice(0, size);
}

function basePrice(seed: string, place: Place, period: number, amount: string): number {
  const gb = Number(/\d+/.exec(amount)?.[0]) * (amount.startsWith('un') ? period / 2 : 1);
  const level = 0.7 + (hashText(`${seed}:${place.slug}`) % 100) / 100;
  const wide = place.geography === 'local' ? 1 : place.geography === 'regional' ? 1.4 : 2;
  return Math.round((0.6 + gb * 0.9 * level * wide + period * 0.08) * 100) / 100;
}

function coversVisibly(sold: Sold, place: Place): boolean {
  return sold.amount === '3gb' && sold.place.covers.includes(place.code) && place.code !== sold.place.code;
}
