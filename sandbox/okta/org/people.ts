/** The starting people of an org: first name, last name, title, department, group. */
export type Person = readonly [first: string, last: string, title: string, department: string, group: string | null];

const first: readonly Person[] = [
  ["Amara", "Okafor", "Staff Software Engineer", "Engineering", "Developers"],
  ["Jonas", "Lindqvist", "Senior Software Engineer", "Engineering", "Developers"],
  ["Priya", "Raman", "Software Engineer", "Engineering", "Developers"],
  ["Mateo", "Alvarez", "Software Engineer", "Engineering", "Developers"],
  ["Hannah", "Weiss", "Engineering Manager", "Engineering", "Developers"],
  ["Kenji", "Morita", "Site Reliability Engineer", "Engineering", "Developers"],
  ["Zofia", "Kowalska", "Senior Software Engineer", "Engineering", "Developers"],
  ["Daniel", "Brooks", "Security Engineer", "Engineering", "Developers"],
  ["Clara", "Moreau", "Design Director", "Design", "Designers"],
  ["Tariq", "Haddad", "Senior Product Designer", "Design", "Designers"],
  ["Ingrid", "Solberg", "Product Designer", "Design", "Designers"],
  ["Marcus", "Bennett", "UX Researcher", "Design", "Designers"],
  ["Lucia", "Ferrari", "Brand Designer", "Design", "Designers"],
  ["Robert", "Nakamura", "Chief Financial Officer", "Finance", "Finance"],
  ["Siobhan", "Kelly", "Financial Controller", "Finance", "Finance"],
  ["Andre", "Dubois", "Senior Accountant", "Finance", "Finance"],
  ["Mei", "Chen", "Financial Analyst", "Finance", "Finance"],
  ["Olga", "Petrenko", "Payroll Specialist", "Finance", "Finance"],
  ["Samuel", "Adeyemi", "Procurement Manager", "Finance", "Finance"],
  ["Grace", "Thompson", "VP of People", "People", null],
  ["Ravi", "Menon", "IT Administrator", "IT", null],
  ["Elena", "Popescu", "Account Executive", "Sales", null],
  ["Noah", "Fischer", "Sales Development Representative", "Sales", null],
  ["Fatima", "Al-Sayed", "General Counsel", "Legal", null],
  ["Liam", "O'Connor", "Customer Success Manager", "Support", null],
];

/** The number of people of an org whose start names no other. */
export const USUAL_PEOPLE = first.length;

/** A starting person, and the namesakes before them. */
export interface Starter {
  readonly person: Person;
  readonly namesakes: number;
}

/**
 * The starting person with this number, from 0. The numbers after the list combine its first names with other last
 * names; title, department and group stay those of the first name.
 */
export function starter(index: number): Starter {
  const place = index % first.length;
  const round = Math.floor(index / first.length);
  const [own, other] = [first[place], first[(place + round) % first.length]];
  if (own === undefined || other === undefined) throw new Error(`there is no starting person ${index}`);
  const [firstName, , title, department, group] = own;
  return {
    person: [firstName, other[1], title, department, group],
    namesakes: Math.floor(round / first.length),
  };
}

export const groupDescriptions: Readonly<Record<string, string>> = {
  Developers: "Everyone who writes software",
  Designers: "Product and brand design",
  Finance: "Accounting, payroll and procurement",
};
