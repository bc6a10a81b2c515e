/** URI references of RFC 3986 §4.1. */
export const uris: readonly string[] = [
  "./a:b",
  "a/b:c",
  "?a:b",
  "#a:b",
  "/a:b",
  "mailto:ann@a.example",
  "tel:+1",
  ".",
  "//[::1]:80/x",
  "a",
];

/** Texts that are none, or whose host or port is none. */
export const noUris: readonly string[] = [
  "hello world",
  "https://a.example/%zz",
  "https://",
  "https://a.example/ü",
  "http://a:99999/",
  "C:\\ann",
  " x",
  "x\n",
  ":",
  "::",
  ":x",
  "::x",
  ":/x",
  "1a:b",
  "+:x",
  "a_b:c",
  "%61:b",
  "//a:b",
  "//a:99999/",
  "//[.]/",
  "http:x",
  "http:///x",
];
