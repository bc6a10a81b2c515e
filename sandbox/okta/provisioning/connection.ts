import type { App } from "../org/model.ts";
import type { Connection } from "../scimClient/transport.ts";

/** The app's SCIM connection; undefined while provisioning is off. */
export const connectionOf = ({ id, kind, provisioning }: App): Connection | undefined =>
  provisioning === undefined
    ? undefined
    : { appId: id, kind, baseUrl: provisioning.baseUrl, token: provisioning.token };
