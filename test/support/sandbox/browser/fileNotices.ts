import type { Page } from "playwright-core";
import type { ProjectCopy } from "../../e2e/support.ts";
import { show, stack, type Place } from "./places.ts";

const notice = (page: Page, text: RegExp): Promise<void> =>
  page.locator("#stack .stack-file").getByText(text).first().waitFor();

/** An edit of which the next deployment uses one key; the page has set the other one. */
const edited = (text: string): string =>
  `${text.replace("- Designers", "- Designers\n    - Finance")}  okta-scim-directory:tokenGeneration: 5\n`;

/** What the page says of a stack's file that was edited. @param project of the running tenant, which is furnished */
export const fileNotices = (project: () => ProjectCopy): readonly Place[] => [
  {
    name: "file-changed",
    open: async (page) => {
      await project().editStackFile(edited);
      await stack(page);
      await notice(page, /tokenGeneration, which has no effect/);
      await page.locator(".configuration").getByText("The file has 5").waitFor();
      await page.evaluate(`for (const one of document.querySelectorAll("#stack details")) one.open = true`);
    },
  },
  {
    name: "file-changed-live",
    open: async (page) => {
      await show(page, "live");
      await page.locator("#stack-file").getByText("The next deployment uses it.").waitFor();
    },
  },
  {
    name: "file-wrong",
    open: async (page) => {
      await project().editStackFile((text) =>
        text.replace("- Designers", `- nam: ${"Designers".repeat(12)}\n  okta-scim-directory:throttle: fast`),
      );
      await stack(page);
      await notice(page, /throttle: .*fix: pulumi config/);
    },
  },
];

/** Undoes every edit, and waits until the page says no more of it. */
export async function undoFile(page: Page, project: ProjectCopy): Promise<void> {
  await project.editStackFile((text) => text);
  await page.locator("#stack .stack-file").waitFor({ state: "hidden" });
}
