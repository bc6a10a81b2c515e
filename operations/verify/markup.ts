/** Text that is HTML already. */
export interface Html {
  readonly html: string;
}

type Value = string | number | Html | undefined | readonly Html[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Control characters are not allowed in HTML, and no name needs them. */
const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => entities[sign] ?? "").replace(/[^\P{Cc}\n\t]/gu, "\ufffd");

function rendered(value: Value): string {
  if (value === undefined) return "";
  if (typeof value === "string" || typeof value === "number") return escaped(String(value));
  return "html" in value ? value.html : value.map(({ html }) => html).join("");
}

/** HTML from a template. Every text in it is escaped; only the results of this function are not. */
export const markup = (parts: TemplateStringsArray, ...values: readonly Value[]): Html => ({
  html: parts.reduce((text, part, index) => text + rendered(values[index - 1]) + part),
});
