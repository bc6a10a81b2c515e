import { z } from "zod";
import { describeAnswer } from "../live/directory.ts";
import type { ProbeAnswer } from "../live/endpoint.ts";
import type { DeployedService } from "../live/tenant.ts";
import { checkOf, count, sections, type Check } from "./check.ts";
import type { EventFacts, FeedFacts } from "./eventFacts.ts";

/**
 * What the service itself tells about its change events. Whether events arrive, only AWS tells: the alarms of the stack
 * watch the stream, the backlogs and the push.
 */
export function checkEvents({ config, stack }: DeployedService, facts: EventFacts | undefined): Check[] {
  if (facts === undefined) return [];
  const receivers = config.events?.receivers ?? [];
  return [
    ...receivers.map(({ name, delivery }) =>
      delivery.kind === "poll"
        ? checkFeed(
            name,
            facts.feeds.find((feed) => feed.name === name),
            stack,
          )
        : checkPush(name, config.alarms !== undefined, stack),
    ),
    checkKeys(facts, stack),
    checkListed(facts, stack),
  ];
}

const pollAnswer = z.object({ sets: z.record(z.string(), z.string()) });

function checkFeed(name: string, feed: FeedFacts | undefined, stack: string): Check {
  const { right, unknown, wrong } = checkOf(
    sections.settings,
    `receiver:${name}`,
    `The receiver ${name} may poll its own feed, and no other`,
  );
  const deploy = `run "pulumi up --stack ${stack}", then give ${name} its token of the output eventReceivers`;
  if (feed === undefined) return wrong("the stack has no token for it", deploy);
  const { own, other, pollUrl } = feed;
  if (isRefusal(own)) return wrong(`its feed refuses its token: ${describe(own)}`, deploy);
  if (own.status !== 200) {
    return wrong(
      `its feed does not answer: ${describe(own)}`,
      `see that ${pollUrl} is reachable; the log of the function events-feed names what failed there`,
    );
  }
  if (!pollAnswer.safeParse(own.body).success) {
    return wrong(
      "the answer of its feed has no sets, which RFC 8936 demands",
      `see that ${pollUrl} leads to the service of this stack`,
    );
  }
  if (other === undefined) return right("its feed answers its token");
  if (isRefusal(other.answer)) return right(`its feed answers its token, and the feed of ${other.name} refuses it`);
  if (other.answer.status === 200) {
    return wrong(
      `the feed of ${other.name} answers its token too`,
      `run "pulumi up --refresh --stack ${stack}", which deploys the function again; until then ${name} can take the events of ${other.name}`,
    );
  }
  return unknown(
    `its feed answers its token; the feed of ${other.name} neither answers nor refuses it: ${describe(other.answer)}`,
    `verify again as soon as the feed of ${other.name} answers`,
  );
}

const isRefusal = ({ status }: ProbeAnswer): boolean => status === 401 || status === 403;

const deliveryError = z.object({ err: z.string(), description: z.string() });

/** The answer in a few words: errors of RFC 8936 have another form than those of SCIM. */
function describe(answer: ProbeAnswer): string {
  const error = deliveryError.safeParse(answer.body);
  return error.success ? `${answer.status}: ${error.data.description}` : describeAnswer(answer);
}

function checkPush(name: string, hasAlarms: boolean, stack: string): Check {
  const { unknown } = checkOf(
    sections.settings,
    `receiver:${name}`,
    `The receiver ${name} accepts what is pushed to it`,
  );
  return hasAlarms
    ? unknown("no request from here tells; the alarms push-late and push-dead of the stack do")
    : unknown(
        "no request from here tells, and the stack has no alarms, which would",
        `pulumi config set --stack ${stack} --path alarms.email, with an address, then "pulumi up --stack ${stack}"`,
      );
}

const keySet = z.object({ keys: z.array(z.unknown()) });
/** A public key for ES256 (RFC 7518, sections 3.4 and 6.2.1). */
const es256Key = z.object({
  kid: z.string().min(1),
  kty: z.literal("EC"),
  crv: z.literal("P-256"),
  alg: z.literal("ES256"),
  x: z.string().min(1),
  y: z.string().min(1),
});

function checkKeys({ keys, keysUrl }: EventFacts, stack: string): Check {
  const { right, wrong } = checkOf(sections.settings, "event-keys", "The public keys of the events are published");
  if (keys.status !== 200) {
    return wrong(
      describeAnswer(keys),
      `see that ${keysUrl} is reachable: without it no receiver can check a signature`,
    );
  }
  const all = keySet.safeParse(keys.body).data?.keys ?? [];
  const usable = all.filter((key) => es256Key.safeParse(key).success).length;
  return usable > 0
    ? right(`${count(usable, "key", "keys")} for ES256 at ${keysUrl}`)
    : wrong(`${keysUrl} has no P-256 key for ES256 with a kid`, `run "pulumi up --refresh --stack ${stack}"`);
}

/** Of the events of RFC 9967 that tell changes. */
const PROVISIONING = "urn:ietf:params:scim:event:prov:";
const providerConfig = z.object({ securityEvents: z.object({ eventUris: z.array(z.string()) }) });

function checkListed({ provider }: EventFacts, stack: string): Check {
  const { right, wrong } = checkOf(sections.settings, "security-events", "The service lists the events that it sends");
  if (provider.status !== 200) return wrong(describeAnswer(provider), "correct the connector test first");
  const listed = providerConfig.safeParse(provider.body).data?.securityEvents.eventUris;
  const told = (listed ?? []).filter((uri) => uri.startsWith(PROVISIONING)).length;
  if (told > 0) return right(`${count(told, "event URI", "event URIs")} in securityEvents`);
  return wrong(
    listed === undefined
      ? "the ServiceProviderConfig has no securityEvents"
      : `securityEvents lists no URI that starts with ${PROVISIONING}`,
    `run "pulumi up --refresh --stack ${stack}", which deploys the function and its environment again`,
  );
}
