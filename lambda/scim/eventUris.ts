/** The event URIs of RFC 9967 that the directory publishes. */
const provisioning = "urn:ietf:params:scim:event:prov";

export const eventUris = {
  create: { notice: `${provisioning}:create:notice`, full: `${provisioning}:create:full` },
  put: { notice: `${provisioning}:put:notice`, full: `${provisioning}:put:full` },
  patch: { notice: `${provisioning}:patch:notice`, full: `${provisioning}:patch:full` },
  delete: `${provisioning}:delete`,
  activate: `${provisioning}:activate`,
  deactivate: `${provisioning}:deactivate`,
} as const;

/** All of them, as `securityEvents.eventUris` of the ServiceProviderConfig lists them. */
export const allEventUris: readonly string[] = [
  ...[eventUris.create, eventUris.put, eventUris.patch].flatMap(({ notice, full }) => [notice, full]),
  ...[eventUris.delete, eventUris.activate, eventUris.deactivate],
];
