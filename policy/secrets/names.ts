const secretWord = /token|secret|passw|passphrase|credential|authorization|api_?key|private_?key|access_?key/i;
/** Two words written as one. */
const joined = /(signing|signature|encryption|cipher|master|session|shared|service|account|hmac|aes|rsa|ssh|pgp)keys?/i;

const secretWords = new Set(["pass", "pwd", "cred", "creds", "key", "keys"]);
/** Before `key`: keys of data, and keys that are no secrets. */
const data = new Set([
  ...["partition", "sort", "hash", "range", "primary", "foreign", "idempotency", "cache", "object", "route", "group"],
  "public",
]);
/** After a word of secrets: the variable holds something about the secret, and not the secret. */
const about = new Set([
  ...["id", "ids", "arn", "arns", "alias", "name", "names", "attribute", "attributes", "prefix", "schema", "type"],
  ...["count", "size", "length", "ttl", "age", "rate", "through", "column", "field"],
]);

/** The words of a name, in capitals or in camel case; digits are words of their own. */
const wordsOf = (name: string): readonly string[] =>
  (name.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+/g) ?? []).map((word) => word.toLowerCase());

/** Whether the name of a variable says that its value is a secret. */
export function speaksOfSecrets(name: string): boolean {
  if (secretWord.test(name)) return true;
  const words = wordsOf(name);
  const speaks = (word: string, index: number): boolean =>
    (secretWords.has(word) || joined.test(word)) &&
    !data.has(words[index - 1] ?? "") &&
    !about.has(words[index + 1] ?? "");
  return words.some(speaks);
}
