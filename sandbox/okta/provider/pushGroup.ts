import type { Properties, ResourceHandler } from "../../engine/provider.ts";
import { unlessGone, type OktaClient } from "./client.ts";
import { flag, optionalText, text, textAt } from "./values.ts";

const mappings = (state: Properties): string => `/api/v1/apps/${text(state, "appId")}/group-push/mappings`;

const outputsOf = (mapping: unknown): Properties => ({
  sourceGroupId: textAt(mapping, "sourceGroupId"),
  targetGroupId: textAt(mapping, "targetGroupId"),
  status: textAt(mapping, "status"),
});

/** The provider refuses to touch a mapping that its state knows as failed (terraform-provider-okta 6.12.0). */
function checkStatus(id: string, state: Properties): void {
  const status = optionalText(state, "status") ?? "ACTIVE";
  if (status !== "ACTIVE" && status !== "INACTIVE") {
    throw new Error(
      `push group mapping ${id} is in status ${status}; only ACTIVE and INACTIVE mappings can be changed or deleted`,
    );
  }
}

/** `okta.PushGroup`. As the real provider it fails to read a mapping that is gone (okta/terraform-provider-okta#2807). */
export const pushGroupHandler = (client: OktaClient): ResourceHandler => ({
  computed: ["targetGroupId"],
  replaces: ["appId", "sourceGroupId", "targetGroupId", "targetGroupName", "appConfig"],
  create: async (inputs) => {
    const sourceGroupId = text(inputs, "sourceGroupId");
    const targetGroupId = optionalText(inputs, "targetGroupId");
    const name =
      optionalText(inputs, "targetGroupName") ??
      (targetGroupId === undefined
        ? textAt(await client.call("GET", `/api/v1/groups/${sourceGroupId}`), "profile", "name")
        : undefined);
    const mapping = await client.call("POST", mappings(inputs), {
      sourceGroupId,
      status: optionalText(inputs, "status") ?? "ACTIVE",
      ...(targetGroupId === undefined ? { targetGroupName: name } : { targetGroupId }),
    });
    return {
      id: textAt(mapping, "id"),
      outputs: { deleteTargetGroupOnDestroy: true, ...inputs, ...outputsOf(mapping) },
    };
  },
  read: async (id, state) => {
    const mapping = await client.find(`${mappings(state)}/${id}`);
    if (mapping === undefined) throw new Error("Error reading Okta push group mapping: 404 Not Found");
    return { ...state, ...outputsOf(mapping) };
  },
  update: async (id, state, inputs) => {
    checkStatus(id, state);
    const status = optionalText(inputs, "status") ?? "ACTIVE";
    const mapping = await client.call("PATCH", `${mappings(state)}/${id}`, { status });
    return { deleteTargetGroupOnDestroy: true, ...inputs, ...outputsOf(mapping) };
  },
  delete: async (id, state) => {
    checkStatus(id, state);
    const path = `${mappings(state)}/${id}`;
    await unlessGone(async () => {
      if (optionalText(state, "status") !== "INACTIVE") await client.call("PATCH", path, { status: "INACTIVE" });
      await client.call("DELETE", `${path}?deleteTargetGroup=${flag(state, "deleteTargetGroupOnDestroy", true)}`);
    });
  },
});
