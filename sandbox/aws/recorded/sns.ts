import { randomUUID } from "node:crypto";
import type { Place } from "../support/place.ts";
import type { ResourceHandler } from "../../engine/provider.ts";
import { recordOnly, text } from "../support/record.ts";

export function snsResources({ account, region }: Place): Record<string, ResourceHandler> {
  return {
    "aws:sns/topic:Topic": recordOnly({
      autoName: "name",
      computed: ["arn", "owner"],
      replaces: ["name", "fifoTopic"],
      make: (inputs) => {
        const arn = `arn:aws:sns:${region}:${account}:${text(inputs, "name")}`;
        return { id: arn, arn, owner: account };
      },
    }),
    "aws:sns/topicSubscription:TopicSubscription": recordOnly({
      computed: ["arn", "ownerId", "pendingConfirmation"],
      replaces: ["topic", "protocol", "endpoint"],
      make: (inputs) => {
        const arn = `${text(inputs, "topic")}:${randomUUID()}`;
        return { id: arn, arn, ownerId: account, pendingConfirmation: inputs["protocol"] === "email" };
      },
    }),
  };
}
