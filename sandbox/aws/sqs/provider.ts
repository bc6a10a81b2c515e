import { z } from "zod";
import type { Properties, ResourceHandler } from "../../engine/provider.ts";
import { parsePolicy } from "../iam/policy.ts";
import type { Place } from "../support/place.ts";
import { readInputs } from "../support/read.ts";
import type { Queue, QueueSettings } from "./queue.ts";
import type { Queues } from "./queues.ts";

const queueInputs = z
  .looseObject({
    name: z
      .string()
      .regex(
        /^[\w-]{1,75}(\.fifo)?$/,
        "a queue's name has 1 to 80 letters, digits, - and _, and .fifo at the end of a FIFO queue's",
      ),
    fifoQueue: z.boolean().default(false),
    contentBasedDeduplication: z.boolean().default(false),
    visibilityTimeoutSeconds: z.number().int().min(0).max(43_200).default(30),
    messageRetentionSeconds: z.number().int().min(60).max(1_209_600).default(345_600),
    delaySeconds: z.number().int().min(0).max(900).default(0),
    maxMessageSize: z.number().int().min(1024).max(1_048_576).default(262_144),
    receiveWaitTimeSeconds: z.number().int().min(0).max(20).default(0),
    redrivePolicy: z.string().optional(),
  })
  .superRefine(({ name, fifoQueue, contentBasedDeduplication }, context) => {
    const complain = (message: string): void => context.addIssue({ code: "custom", message });
    if (fifoQueue !== name.endsWith(".fifo"))
      complain(
        fifoQueue
          ? `the name of a FIFO queue ends with .fifo, not ${name}`
          : `${name}: fifoQueue must be true for a name with .fifo`,
      );
    if (contentBasedDeduplication && !fifoQueue) complain("only a FIFO queue has contentBasedDeduplication");
  });

const redrive = z.looseObject({
  deadLetterTargetArn: z.string(),
  maxReceiveCount: z.coerce.number().int().min(1).max(1000),
});
const policyInputs = z.looseObject({
  queueUrl: z.string(),
  policy: z.union([z.string(), z.record(z.string(), z.unknown())]),
});

/** @param open starts the endpoint that functions call @returns its address */
export function sqsResources(
  place: Place,
  queues: Queues,
  open: () => Promise<string>,
): Record<string, ResourceHandler> {
  return { "aws:sqs/queue:Queue": queue(place, queues, open), "aws:sqs/queuePolicy:QueuePolicy": queuePolicy(queues) };
}

function queue({ account }: Place, queues: Queues, open: () => Promise<string>): ResourceHandler {
  return {
    autoName: "name",
    autoNameEnd: ({ fifoQueue }) => (fifoQueue === true ? ".fifo" : ""),
    computed: ["arn", "url"],
    replaces: ["name", "fifoQueue"],
    async create(inputs) {
      const declared = readInputs(queueInputs, inputs);
      const settings = settingsOf(declared, queues);
      const url = `${await open()}/${account}/${declared.name}`;
      const { arn } = queues.create(declared.name, settings);
      return { id: url, outputs: { ...inputs, arn, url } };
    },
    read: async (id, state) => (found(queues, id) === undefined ? undefined : state),
    async update(id, { arn, url }, inputs) {
      queues.byUrl(id).settings = settingsOf(readInputs(queueInputs, inputs), queues);
      return { ...inputs, arn, url };
    },
    delete: async (id) => queues.delete(found(queues, id)?.name ?? ""),
  };
}

const found = (queues: Queues, url: string): Queue | undefined => queues.get(url.split("/").at(-1) ?? "");

function settingsOf(declared: z.infer<typeof queueInputs>, queues: Queues): QueueSettings {
  return {
    visibilityTimeout: declared.visibilityTimeoutSeconds,
    retention: declared.messageRetentionSeconds,
    delay: declared.delaySeconds,
    maxMessageSize: declared.maxMessageSize,
    receiveWait: declared.receiveWaitTimeSeconds,
    contentBasedDeduplication: declared.contentBasedDeduplication,
    redrive: redriveOf(declared, queues),
  };
}

/** @throws Error if the dead-letter queue does not exist or is of another kind */
function redriveOf(
  { redrivePolicy, fifoQueue }: z.infer<typeof queueInputs>,
  queues: Queues,
): QueueSettings["redrive"] {
  if (redrivePolicy === undefined || redrivePolicy === "") return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = redrive.parse(JSON.parse(redrivePolicy));
  const target = queues.byArn(deadLetterTargetArn);
  if (target === undefined)
    throw new Error(
      `InvalidParameterValue: Value ${redrivePolicy} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
    );
  if (target.isFifo !== fifoQueue)
    throw new Error(
      `InvalidParameterValue: Value ${redrivePolicy} for parameter RedrivePolicy is invalid. Reason: Dead-letter queue must be same type of queue as the source.`,
    );
  return { deadLetterTargetArn, maxReceiveCount };
}

function queuePolicy(queues: Queues): ResourceHandler {
  const put = (inputs: Properties): string => {
    const { queueUrl, policy } = readInputs(policyInputs, inputs);
    parsePolicy(policy);
    queues.setPolicy(queues.byUrl(queueUrl).name, typeof policy === "string" ? policy : JSON.stringify(policy));
    return queueUrl;
  };
  return {
    computed: [],
    replaces: ["queueUrl"],
    create: async (inputs) => ({ id: put(inputs), outputs: { ...inputs } }),
    read: async (id, state) => (queues.policyOf(found(queues, id)?.name ?? "") === undefined ? undefined : state),
    async update(_id, _state, inputs) {
      put(inputs);
      return { ...inputs };
    },
    delete: async (id) => queues.setPolicy(found(queues, id)?.name ?? "", undefined),
  };
}
