import { z } from "zod";
import { explain } from "./help.ts";

const hostName = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** The rules of Okta's preparation guide for a base URL. Plain http is accepted only for a service on this machine. */
function baseUrlFaults(text: string): string[] {
  if (!URL.canParse(text)) return ["is not a URL"];
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) return ["is not https"];
  const faults = [
    url.protocol === "http:" && !loopback.has(url.hostname) ? "is not https" : "",
    text.includes("_") ? "has an underscore, which Okta refuses in a base URL" : "",
    /[?#]/.test(text) || url.username !== "" || url.password !== "" ? "has parts other than host and path" : "",
    /\/(Users|Groups|Bulk|Schemas|ResourceTypes|ServiceProviderConfig)\/*$/i.test(url.pathname)
      ? "ends in the path of a resource, which Okta appends itself"
      : "",
  ];
  return faults.filter((fault) => fault !== "");
}

const baseUrl = z
  .string()
  .superRefine((text, context) => {
    for (const message of baseUrlFaults(text)) context.addIssue({ code: "custom", message });
  })
  .transform((url) => url.replace(/\/+$/, ""));

const token = z.string().superRefine((text, context) => {
  const fault =
    text.trim() === ""
      ? "is empty"
      : /^bearer\s/i.test(text)
        ? "starts with the word Bearer, which Okta sends itself"
        : /\s/.test(text)
          ? "contains a blank"
          : undefined;
  if (fault !== undefined) context.addIssue({ code: "custom", message: fault });
});

const domain = z.strictObject({
  name: explain(z.string().regex(hostName), {
    meaning: "Host name of your own for the SCIM service",
    allowed: "a host name in lower case, such as scim.example.com",
    example: "scim.example.com",
  }),
  hostedZoneId: explain(z.string().regex(/^Z[A-Z0-9]{3,31}$/), {
    meaning: "Route 53 hosted zone in which the name is created and the certificate is validated",
    allowed: "the id of a Route 53 hosted zone, such as Z0123456789ABC",
    example: "Z0123456789ABC",
  }),
  onlyAddress: explain(z.boolean().default(false), {
    meaning: "Switches off the default address of the API; set it after Okta has the new address",
    allowed: "true or false",
    example: "true",
  }),
});

export const endpoint = explain(
  z
    .discriminatedUnion("kind", [
      z.strictObject({
        kind: explain(z.literal("managed"), {
          meaning: "managed creates the SCIM service on AWS; external uses an existing directory",
          allowed: "managed or external",
          example: "managed",
        }),
        domain: explain(domain.optional(), {
          meaning: "Custom domain of the SCIM service",
          allowed: "{name, hostedZoneId, onlyAddress?}",
          defaultText: "the default address of the API",
        }),
      }),
      z.strictObject({
        kind: z.literal("external"),
        baseUrl: explain(baseUrl, {
          meaning: "SCIM base URL of the existing directory",
          allowed: "the SCIM base URL with https, without a resource path such as /Users",
          example: "https://accuhive.api.kandji.io/api/v1/scim",
        }),
        token: explain(token, {
          meaning: "SCIM access token of the existing directory",
          allowed: "the token alone, without the word Bearer, encrypted in the stack's file",
          secret: true,
        }),
      }),
    ])
    .prefault({ kind: "managed" }),
  {
    meaning: "The SCIM service that Okta provisions",
    allowed: "{kind: managed, domain?} or {kind: external, baseUrl, token}",
  },
);
