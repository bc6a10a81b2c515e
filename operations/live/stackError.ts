/** A stack that cannot be read, or that lacks something a command needs. The message is for people. */
export class StackError extends Error {
  override readonly name = "StackError";
}
