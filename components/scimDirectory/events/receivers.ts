import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { RECEIVER_ID_BYTES, type Receiver } from "../../config/events.ts";

export interface KnownReceiver extends Receiver {
  readonly id: pulumi.Output<string>;
}

/**
 * Gives each receiver an id that lasts as long as the receiver is configured with the same delivery. A receiver that is removed
 * and added again gets another id, and with it an empty feed: its old one lacks what happened meanwhile. A rotation of its
 * token, another mode or another address keeps the id.
 */
export function identifyReceivers(
  name: string,
  receivers: readonly Receiver[],
  options: pulumi.CustomResourceOptions,
): readonly KnownReceiver[] {
  return receivers.map((receiver) => {
    const logical = `${name}-receiver-${receiver.name}-${receiver.delivery.kind}`;
    return { ...receiver, id: new random.RandomId(logical, { byteLength: RECEIVER_ID_BYTES }, options).hex };
  });
}
