/** Where the simulated supplier sells. Codes are ISO's; that of an "adventure" is taken by a country too. */
export interface Place {
  slug: string;
  name: string;
  code: string;
  region: string;
  geography: 'local' | 'regional' | 'global';
  /** Codes of the countries it works in; only of wider places. */
  covers: readonly string[];
}

const countries: Readonly<Record<string, string>> = {
  Europe:
    'AL AD AT BY BE BA BG HR CY CZ DK EE FO FI FR GE DE GI GR GG HU IS IE IM IT JE XK LV LI LT LU MT MD MC ME NL MK NO PL PT RO RU SM RS SK SI ES SE CH UA GB',
  Asia: 'AF AM AZ BD BN KH CN HK IN ID JP KZ KG LA MO MY MV MN MM NP PK PH SG KR LK TW TJ TH UZ VN',
  'Middle East': 'BH EG IR IQ IL JO KW LB OM QA SA TR AE YE',
  Africa:
    'DZ AO BJ BW BF CM TD CI CD CG ET GA GH GN KE LS LR MG MW ML MR MU MA MZ NA NE NG RE RW SN SC SL ZA SD SZ TZ TN UG ZM ZW',
  'North America': 'CA MX US PR',
  'Latin America': 'AR BO BR CL CO CR DO EC SV GT HN JM NI PA PY PE TT UY VE',
  Oceania: 'AU FJ GU NC NZ PG WS TO VU',
};

const wider: readonly [slug: string, name: string, code: string, regions: readonly string[]][] = [
  ['europe', 'Europe', 'EU', ['Europe']],
  ['europe-us', 'Europe & United States', 'EU', ['Europe', 'North America']],
  ['asia', 'Asia', 'AS', ['Asia']],
  ['middle-east', 'Middle East', 'ME', ['Middle East']],
  // The supplier's own mistake: Afghanistan's code.
  ['africa-adventure', 'Africa Adventure', 'AF', ['Africa']],
  ['latin-america', 'Latin America', 'LA', ['Latin America']],
  ['global', 'Global', 'GL', Object.keys(countries)],
];

/** Every place, countries first. */
export function allPlaces(): Place[] {
  const names = new Intl.DisplayNames('en', { type: 'region' });
  const local = Object.entries(countries).flatMap(([region, codes]) =>
    codes.split(' ').map((code): Place => {
      const name = names.of(code) ?? code;
      return { slug: slugOf(name), name, code, region, geography: 'local', covers: [code] };
    }),
  );
  const regional = wider.map(([slug, name, code, regions]): Place => ({
    ...{ slug, name, code },
    region: regions.length === 1 ? regions[0]! : slug === 'global' ? 'Global' : 'Multi-region',
    geography: slug === 'global' ? 'global' : 'regional',
    covers: regions.flatMap((region) => countries[region]!.split(' ')),
  }));
  return [...local, ...regional];
}

function slugOf(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
