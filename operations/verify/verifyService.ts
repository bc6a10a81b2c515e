import { directoryReader, EndpointError, type DirectoryReader } from "../live/directory.ts";
import type { DeployedService } from "../live/tenant.ts";
import { checkOf, count, sections, type Check } from "./check.ts";
import { checkEndpoint } from "./endpoint.ts";
import { readEndpoint, type ServiceProbers } from "./facts.ts";
import { inSections } from "./verifyTenant.ts";

/** Judges a tenant whose Okta org nobody can reach from here (`oktaHalf: byHand`): the service, and what has arrived in it. */
export async function verifyService(
  tenant: DeployedService,
  { endpoint, events }: ServiceProbers,
): Promise<readonly Check[]> {
  const { outputs, config, stack } = tenant;
  const directory = directoryReader(endpoint, outputs.scimAuthorization, true);
  const half = checkOf(sections.integration, "okta-half", "The Okta half is as declared");
  const groups = config.pushGroups.flatMap(({ name, targetName }) => targetName ?? name ?? []);
  return inSections([
    half.unknown(
      "the Okta org is out of this stack's reach (oktaHalf: byHand)",
      `its administrator compares it with the steps of "npm run next-steps -- --stack ${stack}" while connection is pending`,
    ),
    ...checkEndpoint(tenant, await readEndpoint(tenant, { endpoint, events })),
    await checkArrived(tenant, directory),
    ...(await Promise.all(groups.map((name) => checkGroup(name, tenant, directory)))),
  ]);
}

const isReady = ({ config }: DeployedService): boolean => config.connection === "ready";

async function checkArrived(tenant: DeployedService, directory: DirectoryReader): Promise<Check> {
  const { right, unknown, warning, wrong } = checkOf(sections.people, "people-arrived", "Okta sends people");
  try {
    let [active, inactive] = [0, 0];
    for await (const person of directory.people()) {
      if (person.active) active += 1;
      else inactive += 1;
    }
    const detail = `the directory has ${count(active, "active person", "active people")} and ${inactive} inactive`;
    if (active > 0) return right(detail);
    return isReady(tenant)
      ? warning(detail, `ask the org's administrator whether "${tenant.config.assignmentGroup}" is assigned to the app`)
      : unknown(`${detail}; the steps are not done yet`);
  } catch (error) {
    if (!(error instanceof EndpointError)) throw error;
    return wrong(error.message, "correct the connector test first");
  }
}

async function checkGroup(name: string, tenant: DeployedService, directory: DirectoryReader): Promise<Check> {
  const { right, unknown, wrong } = checkOf(sections.pushes, `push:${name}`, `The group ${name} is pushed`);
  try {
    const found = await directory.group(name);
    if (found?.members !== undefined) return right(count(found.members.size, "member", "members"));
    if (found !== undefined) return right("the group has more members than one answer of the directory holds");
    return isReady(tenant)
      ? wrong(
          "the directory has no group of this name",
          "ask the org's administrator for the group's state on the app's Push Groups tab, and for Push now",
        )
      : unknown("it is not in the directory; the steps are not done yet");
  } catch (error) {
    if (!(error instanceof EndpointError)) throw error;
    return wrong(error.message, "correct the connector test first");
  }
}
