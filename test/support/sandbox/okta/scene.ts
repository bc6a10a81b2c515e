import { startScimServer, type Recorded, type ScimServer } from "./scimServer.ts";
import { catalogueApp, connect, samlApp, startTestOrg, type TestOrg } from "./support.ts";
import type { OrgOptions } from "../../../../sandbox/okta/index.ts";

/** A connected app with an assignment group, and the SCIM server behind it. */
export interface Scene {
  readonly org: TestOrg;
  readonly scim: ScimServer;
  readonly appId: string;
  readonly assignment: string;
  /** Path of the app's push mappings. */
  readonly mappings: string;
  /** The requests since the last call, after the org has settled. */
  readonly sent: () => Promise<Recorded[]>;
  /** Like `sent`, each as `METHOD target`. */
  readonly lines: () => Promise<string[]>;
  /** Creates a push mapping from the group to one with that name. */
  readonly push: (sourceGroupId: string, targetGroupName: string) => Promise<string>;
  readonly group: (name: string) => Promise<string>;
}

export interface SceneOptions extends OrgOptions {
  readonly kind?: "custom" | "catalogue";
  /** Provisioning is on from the start, unless this is false. */
  readonly connected?: boolean;
}

export async function startScene({ kind = "custom", connected = true, ...options }: SceneOptions = {}): Promise<Scene> {
  const scim = await startScimServer();
  const org = await startTestOrg(options);
  const appId = await org.make("POST", "/apps", kind === "custom" ? samlApp("Directory") : catalogueApp("Directory"));
  if (connected) await connect(org, appId, scim.baseUrl);
  const group = (name: string): Promise<string> => org.make("POST", "/groups", { profile: { name } });
  const assignment = await group("directory-users");
  await org.api("PUT", `/apps/${appId}/groups/${assignment}`, {});
  await org.idle();
  let seen = scim.requests.length;
  const sent = async (): Promise<Recorded[]> => {
    await org.idle();
    const fresh = scim.requests.slice(seen);
    seen = scim.requests.length;
    return fresh;
  };
  const mappings = `/apps/${appId}/group-push/mappings`;
  return {
    org,
    scim,
    appId,
    assignment,
    mappings,
    sent,
    lines: async () => lines(await sent()),
    push: (sourceGroupId, targetGroupName) => org.make("POST", mappings, { sourceGroupId, targetGroupName }),
    group,
  };
}

export const lines = (requests: readonly Recorded[]): string[] =>
  requests.map(({ method, target }) => `${method} ${target}`);
