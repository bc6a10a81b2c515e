import { setInterval } from "node:timers";
import type { Org } from "../okta/index.ts";

const PACE_MS = 500;

/** Resolves once Okta has settled. Until then it says how many people are provisioned. */
export async function provisioned(org: Org, appId: string, onProgress: (text: string) => void): Promise<void> {
  const number = (many: number): string => many.toLocaleString("en");
  const timer = setInterval(() => {
    const app = org.view.app(appId);
    if (app !== undefined) onProgress(`${number(app.provisioned)} of ${number(app.assigned)} people`);
  }, PACE_MS);
  await org.idle().finally(() => clearInterval(timer));
}
