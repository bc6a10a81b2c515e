/** The codes of RFC 8935 §2.4 that a transmitter answers with. */
export type DeliveryErrorCode = "invalid_request" | "authentication_failed" | "access_denied";

/** A request of a receiver that cannot be served (RFC 8936 §2.6). */
export class DeliveryError extends Error {
  override readonly name = "DeliveryError";
  /** Of HTTP. */
  readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 415;
  readonly code: DeliveryErrorCode;
  /** The methods that are allowed, with the status 405. */
  readonly allow: string | undefined;

  constructor(
    status: DeliveryError["status"],
    code: DeliveryErrorCode,
    message: string,
    options: ErrorOptions & { readonly allow?: string } = {},
  ) {
    super(message, options);
    this.status = status;
    this.code = code;
    this.allow = options.allow;
  }
}
