import type { Campaign, Group, User } from './records.ts';

/** The office of the sandbox: invented people, three groups, five campaigns. Two names are long on purpose. */
export const officeGroups: readonly Group[] = [
  { id: 301, name: 'Team Norr' },
  { id: 302, name: 'Team Syd' },
  { id: 303, name: 'Kvällsgruppen' },
];

const names: readonly (readonly [first: string, last: string])[] = [
  ['Anna', 'Lindqvist'],
  ['Erik', 'Sjöberg'],
  ['Åsa', 'Öhman'],
  ['Mohammed', 'Al-Hassan'],
  ['Linnéa', 'Bergström'],
  ['Karl-Johan Alexander Maximilian', 'von Essen af Gyllenstierna-Lillie'],
  ['Sofia', 'Nyberg'],
  ['Oskar', 'Dahl'],
  ['Wilhelmina Charlotta Eleonora', 'Hammarskjöld-Wachtmeister Bååth'],
  ['Jonas', 'Ek'],
  ['Fatima', 'Nilsson'],
  ['Gustav', 'Åkerlund'],
];

/** The twelve who sell, four to a group. Their order is the order in which leads are reassigned. */
export const officeAgents: readonly User[] = names.map(([firstname, lastname], index) => ({
  id: 41001 + index,
  firstname,
  lastname,
  groupId: 301 + (index % 3),
  active: true,
  admin: false,
}));

/** Everybody the vendor lists: the agents, a manager, and somebody who has left. */
export const officeUsers: readonly User[] = [
  ...officeAgents,
  { id: 41090, firstname: 'Karin', lastname: 'Holm', groupId: 301, active: true, admin: true },
  { id: 41091, firstname: 'Per', lastname: 'Wallin', groupId: 302, active: false, admin: false },
];

export const officeCampaigns: readonly Campaign[] = [
  { id: 7101, name: 'Dentle Kallkund - Sverige', active: true },
  { id: 7102, name: 'Dentle Återköp - Sverige', active: true },
  { id: 7103, name: 'El & Fiber Norden', active: true },
  { id: 7104, name: 'Hemförsäkring 2 för 1', active: true },
  { id: 7105, name: 'Varma leads - webb', active: true },
];

/** Custom fields of the sandbox's account. A console takes them from its settings, never from here. */
export const fieldIds = {
  name: 60001,
  phone: 60002,
  commission: 70163,
  multiDeals: 74126,
  orderDate: 74301,
} as const;

export const fieldLabels = {
  name: 'Name',
  phone: 'Phone',
  commission: 'Commission',
  multiDeals: 'MultiDeals',
  orderDate: 'Order date',
} as const;

/** 070-1740605 … 070-1740699: numbers set aside for fiction, which ring nowhere. */
export const testPhones: readonly string[] = Array.from(
  { length: 95 },
  (_, n) => `+467017406${String(n + 5).padStart(2, '0')}`,
);

export const customerNames: readonly string[] = [
  'Birgitta Ström',
  'Lars Holmgren',
  'Maj-Britt Falk',
  'Tomas Lund',
  'Ingrid Sandell',
  'Ali Rezaei',
  'Gunnel Hägg',
  'Sven-Åke Norén',
  'Elin Forsman',
  'Peter Kvist',
  'Siv Blomqvist',
  'Henrik Ahl',
];
