/** The starting people of an org: first name, last name, title, department, group. */
export type Person = readonly [first: string, last: string, title: string, department: string, group: string | null];

export const people: readonly Person[] = [
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

export const groupDescriptions: Readonly<Record<string, string>> = {
  Developers: "Everyone who writes software",
  Designers: "Product and brand design",
  Finance: "Accounting, payroll and procurement",
};
