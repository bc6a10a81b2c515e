import * as grpc from "@grpc/grpc-js";
import { messageOf } from "../support/errors.ts";

type Call<Request, Response> = (
  call: grpc.ServerUnaryCall<Request, Response>,
  callback: grpc.sendUnaryData<Response>,
) => void;

/** A unary method whose failure reaches the other side as its message alone; `onFailure` hears of it before. */
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
          callback({ code: grpc.status.UNKNOWN, details: messageOf(error) });
        },
      );
  };

export interface Served {
  readonly port: number;
  readonly close: () => void;
}

/** Serves on a free loopback port. A function's code travels inside a message, so messages have no limit of size. */
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
