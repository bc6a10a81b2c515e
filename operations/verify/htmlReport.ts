import { createHash } from "node:crypto";
import type { Check, State } from "./check.ts";
import { markup, type Html } from "./markup.ts";
import { summarize } from "./report.ts";
import { reportStyle } from "./reportStyle.ts";
import type { Verified } from "./verifyStack.ts";

/** What made a report, and when. */
export interface Making {
  readonly at: Date;
  /** Version of this project. */
  readonly version: string;
  /** Version of Node.js, without the v. */
  readonly node: string;
}

const labels: Readonly<Record<State, string>> = {
  right: "right",
  warning: "warning",
  wrong: "wrong",
  unknown: "unknown",
};

const meanings: readonly (readonly [State, string])[] = [
  ["right", "as the configuration and the article want it"],
  ["warning", "worth a look, not a fault"],
  ["wrong", "differs from the configuration or the article"],
  ["unknown", "no public API tells"],
];

/**
 * The checks as one HTML document that needs nothing else: no script, no file, no network. It names people and groups
 * as the checks do, and holds no secret.
 */
export function renderHtml(verified: Verified, making: Making): string {
  const { stack, checks } = verified;
  const open = checks.filter(({ state }) => state === "wrong" || state === "warning");
  const sections = [...new Set(checks.map(({ section }) => section))];
  const anchors = new Map(checks.map((check, index) => [check, `check-${index + 1}`]));
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src '${styleHash}'; base-uri 'none'; form-action 'none'"
        />
        <title>Tenant ${stack}: ${verdict(checks)}</title>
        ${styleElement}
      </head>
      <body>
        <main>
          <h1>Tenant ${stack}</h1>
          <p class="verdict">${verdict(checks)} <span class="quiet">${summarize(checks)}</span></p>
          ${facts(verified, making)} ${open.length === 0 ? undefined : openPoints(open, anchors)}
          ${sections.map((section) => sectionOf(section, checks, anchors))}
          <h2>The states</h2>
          <dl class="facts">
            ${meanings.map(
              ([state, meaning]) =>
                markup`<div>
                  <dt>${mark(state)}</dt>
                  <dd>${meaning}</dd>
                </div>`,
            )}
          </dl>
        </main>
      </body>
    </html>
`;
  return page.html;
}

/** As it stands in the document: the policy names the hash of its exact text. */
const styleElement: Html = { html: `<style>${reportStyle}</style>` };

const styleHash = `sha256-${createHash("sha256").update(reportStyle).digest("base64")}`;

const mark = (state: State): Html => markup`<span class="state ${state}">${labels[state]}</span>`;

function verdict(checks: readonly Check[]): string {
  const wrong = checks.filter(({ state }) => state === "wrong").length;
  if (wrong === 0) return "Nothing is wrong.";
  return wrong === 1 ? "1 check is wrong." : `${wrong} checks are wrong.`;
}

function facts({ stack, scimBaseUrl, orgUrl }: Verified, { at, version, node }: Making): Html {
  const time = at.toISOString();
  const rows: readonly (readonly [string, Html])[] = [
    ["Stack", markup`${stack}`],
    ["Checked", markup`<time datetime="${time}">${time.slice(0, 19).replace("T", " ")} UTC</time>`],
    ["Okta org", orgUrl === undefined ? markup`not part of this stack` : markup`${orgUrl}`],
    ["SCIM service", markup`${scimBaseUrl}`],
    ["Made by", markup`okta-scim-directory ${version}, npm run verify, Node.js ${node}`],
  ];
  return markup`<dl class="facts">
    ${rows.map(
      ([name, value]) =>
        markup`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** Links to the checks that need a person, and their remedies. */
const openPoints = (open: readonly Check[], anchors: ReadonlyMap<Check, string>): Html =>
  markup`<h2>Open points</h2>
    <ol class="open">
      ${open.map(
        (check) =>
          markup`<li>
            ${mark(check.state)} <a href="#${anchors.get(check)}">${check.title}</a>${
              check.remedy === undefined ? undefined : markup`<p>${check.remedy}</p>`
            }
          </li>`,
      )}
    </ol>`;

const sectionOf = (section: string, checks: readonly Check[], anchors: ReadonlyMap<Check, string>): Html =>
  markup` <h2>${section}</h2>
    <ul class="checks">
      ${checks
        .filter((check) => check.section === section)
        .map(
          (check) =>
            markup`<li id="${anchors.get(check)}">
              ${mark(check.state)}
              <div>
                ${check.title}
                <p class="quiet">${check.detail}</p>
                ${check.remedy === undefined ? undefined : markup`<p>To do: ${check.remedy}</p>`}
              </div>
            </li>`,
        )}
    </ul>`;
