import { z } from "zod";
import { messageOf } from "../../support/errors.ts";

/** The service refused or did not answer. The message is for the reader of the page. */
export class DirectoryFailure extends Error {
  override readonly name = "DirectoryFailure";
  readonly scimType: string | undefined;

  constructor(message: string, scimType?: string, options?: ErrorOptions) {
    super(message, options);
    this.scimType = scimType;
  }
}

export type Parameters = Readonly<Record<string, string>>;

const listResponse = z.object({
  totalResults: z.int().optional(),
  nextCursor: z.string().optional(),
  Resources: z.array(z.unknown()).default([]),
});
type ScimList = z.infer<typeof listResponse>;

const refusal = z.object({ detail: z.string(), scimType: z.string().optional() });

/** Reads a SCIM service, one request at a time, so that the page does not slow down provisioning. */
export interface ScimReader {
  /** @param signal once it is aborted, a request that still waits for its turn is not sent */
  readonly get: (path: string, parameters?: Parameters, signal?: AbortSignal) => Promise<unknown>;
  readonly list: (path: string, parameters: Parameters, signal?: AbortSignal) => Promise<ScimList>;
}

export function createScimReader(access: () => { readonly baseUrl: string; readonly token: string }): ScimReader {
  let last: Promise<unknown> = Promise.resolve();

  async function send(path: string, parameters: Parameters): Promise<unknown> {
    const { baseUrl, token } = access();
    const query = new URLSearchParams(parameters).toString();
    const response = await fetch(`${baseUrl.replace(/\/+$/, "")}/${path}${query === "" ? "" : `?${query}`}`, {
      headers: { authorization: `Bearer ${token}`, accept: "application/scim+json" },
    }).catch((error: unknown) => {
      throw new DirectoryFailure(`The service does not answer: ${messageOf(error)}`, undefined, { cause: error });
    });
    const body: unknown = await response.json().catch(() => undefined);
    if (response.ok) return body;
    const told = refusal.safeParse(body);
    throw new DirectoryFailure(
      `The service answered ${response.status}${told.success ? `: ${told.data.detail}` : ""}`,
      told.data?.scimType,
    );
  }

  const get: ScimReader["get"] = (path, parameters = {}, signal) => {
    const work = last.then(() => {
      signal?.throwIfAborted();
      return send(path, parameters);
    });
    last = work.catch(() => undefined);
    return work;
  };

  return {
    get,
    list: async (path, parameters, signal) => {
      const answer = listResponse.safeParse(await get(path, parameters, signal));
      if (answer.success) return answer.data;
      throw new DirectoryFailure("The service's answer is not a SCIM ListResponse");
    },
  };
}
