import type { Properties, ResourceHandler } from "../../engine/provider.ts";
import type { OktaClient } from "./client.ts";
import { flag, importedInputs, optionalText, text, textAt } from "./values.ts";

const mappings = (appId: string): string => `/api/v1/apps/${appId}/group-push/mappings`;

const outputsOf = (mapping: unknown): Properties => ({
  sourceGroupId: textAt(mapping, "sourceGroupId"),
  targetGroupId: textAt(mapping, "targetGroupId"),
  status: textAt(mapping, "status"),
});

/** The provider refuses to change a mapping that its state records as failed (terraform-provider-okta 6.12.0). */
function checkStatus(id: string, state: Properties): void {
  const status = optionalText(state, "status") ?? "ACTIVE";
  if (status !== "ACTIVE" && status !== "INACTIVE") {
    throw new Error(
      `push group mapping ${id} is in status ${status}; only ACTIVE and INACTIVE mappings can be changed or deleted`,
    );
  }
}

/**
 * `okta.PushGroup`. Like the real provider, it fails to read a mapping that is gone
 * (okta/terraform-provider-okta#2807).
 */
export function pushGroupHandler(client: OktaClient): ResourceHandler {
  const find = async (appId: string, id: string): Promise<unknown> => {
    const mapping = await client.find(`${mappings(appId)}/${id}`);
    if (mapping === undefined) throw new Error("Error reading Okta push group mapping: 404 Not Found");
    return mapping;
  };
  return {
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
      const mapping = await client.call("POST", mappings(text(inputs, "appId")), {
        sourceGroupId,
        status: optionalText(inputs, "status") ?? "ACTIVE",
        ...(targetGroupId === undefined ? { targetGroupName: name } : { targetGroupId }),
      });
      return {
        id: textAt(mapping, "id"),
        outputs: { deleteTargetGroupOnDestroy: true, ...inputs, ...outputsOf(mapping) },
      };
    },
    read: async (id, state) => ({ ...state, ...outputsOf(await find(text(state, "appId"), id)) }),
    // `appId/mappingId`. The target's name is never read back, so a declared `targetGroupName` replaces the mapping.
    import: async (path) => {
      const [appId = "", id = "", ...more] = path.split("/");
      if (appId === "" || id === "" || more.length > 0)
        throw new Error(`invalid import id ${JSON.stringify(path)}; use appId/mappingId`);
      const outputs = { appId, ...outputsOf(await find(appId, id)) };
      return {
        id,
        outputs,
        inputs: importedInputs(outputs, ["appId", "sourceGroupId", "status"], { status: "ACTIVE" }),
      };
    },
    update: async (id, state, inputs) => {
      checkStatus(id, state);
      const status = optionalText(inputs, "status") ?? "ACTIVE";
      const mapping = await client.call("PATCH", `${mappings(text(state, "appId"))}/${id}`, { status });
      return { deleteTargetGroupOnDestroy: true, ...inputs, ...outputsOf(mapping) };
    },
    // The deletion of a mapping that is already gone fails, as in the real provider.
    delete: async (id, state) => {
      checkStatus(id, state);
      const path = `${mappings(text(state, "appId"))}/${id}`;
      if (optionalText(state, "status") !== "INACTIVE") await client.call("PATCH", path, { status: "INACTIVE" });
      await client.call("DELETE", `${path}?deleteTargetGroup=${flag(state, "deleteTargetGroupOnDestroy", true)}`);
    },
  };
}
