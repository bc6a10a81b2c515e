import * as grpc from "@grpc/grpc-js";
import anyPb from "google-protobuf/google/protobuf/any_pb.js";
import statusPb from "@pulumi/pulumi/proto/status_pb.js";
import { messageOf } from "../support/errors.ts";

type Call<Request, Response> = (
  call: grpc.ServerUnaryCall<Request, Response>,
  callback: grpc.sendUnaryData<Response>,
) => void;

/** A failure with a message that the other side's protocol defines, by its full name (google.rpc.Status, `details`). */
export class DetailedError extends Error {
  override readonly name = "DetailedError";
  readonly #type: string;
  readonly #detail: Uint8Array;

  constructor(message: string, type: string, detail: Uint8Array, options?: ErrorOptions) {
    super(message, options);
    this.#type = type;
    this.#detail = detail;
  }

  metadata(): grpc.Metadata {
    const any = new anyPb.Any();
    any.pack(this.#detail, this.#type);
    const status = new statusPb.Status();
    status.setCode(grpc.status.UNKNOWN);
    status.setMessage(this.message);
    status.addDetails(any);
    const metadata = new grpc.Metadata();
    metadata.set("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
    return metadata;
  }
}

/** A unary method whose failure reaches the other side as a plain message. `onFailure` is called first. */
export const unary =
  <Request, Response>(
    work: (request: Request) => Promise<Response> | Response,
    onFailure?: (error: unknown) => void,
  ): Call<Request, Response> =>
  (call, callback) => {
    Promise.resolve()
      .then(() => work(call.request))
      .then(
        (response) => callback(null, response),
        (error: unknown) => {
          onFailure?.(error);
          const metadata = error instanceof DetailedError ? { metadata: error.metadata() } : {};
          callback({ code: grpc.status.UNKNOWN, details: messageOf(error), ...metadata });
        },
      );
  };

export interface Served {
  readonly port: number;
  readonly close: () => void;
}

/** Serves on a free loopback port. Messages have no size limit, because a function's code travels inside one. */
export async function listen(add: (server: grpc.Server) => void): Promise<Served> {
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  add(server);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { port, close: () => server.forceShutdown() };
}
