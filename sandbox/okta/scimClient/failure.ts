import { STATUS_CODES } from "node:http";

/** A SCIM request that failed for good. `status` is 0 if there was no answer. */
export class ScimFailure extends Error {
  override readonly name = "ScimFailure";
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** The message of a failed request for an administrator: Okta shows the server's `detail`, or the error in its JSON. */
export function describeFailure(status: number, text: string): string {
  return `${STATUS_CODES[status] ?? `Status ${status}`}. Errors reported by remote server: ${reported(text)}`;
}

function reported(text: string): string {
  if (text.trim() === "") return "no body";
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && "detail" in body && typeof body.detail === "string")
      return body.detail;
    return text;
  } catch {
    return `Invalid JSON: Unrecognized token '${/[\w-]+/.exec(text)?.[0] ?? text.charAt(0)}'`;
  }
}
