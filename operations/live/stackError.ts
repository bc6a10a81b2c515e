/** A stack that cannot be read, or that lacks something a command needs. The message is for people. */
export class StackError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StackError";
  }
}
