// A SCIM service as users of scimmy and scimmy-routers write it, with everything in memory. It has the features of the
// directory: unique names, the groups of a user, no membership of deleted users. Every answer's `Server-Timing` has the
// milliseconds of processor time used so far, as `cpu`. Talks over IPC: {port} once it listens; to anything,
// {peakMemory} in bytes.
import { randomUUID } from "node:crypto";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const { User, Group } = SCIMMY.Resources;
/** The names in use, of users and groups. */
const names = new Set();
/** From the id of a user to the ids of its groups. */
const memberships = new Map();

/** Declares a resource type whose resources are in memory. */
function inMemory(type, { nameOf, read = (stored) => stored, onChange }) {
  const resources = new Map();
  const found = (id) => {
    const stored = resources.get(id);
    if (!stored) throw new SCIMMY.Types.Error(404, null, `Resource ${id} not found`);
    return stored;
  };
  SCIMMY.Resources.declare(type, {
    egress(resource) {
      if (resource.id) return read(found(resource.id));
      const all = [...resources.values()].map(read);
      return resource.filter ? resource.filter.match(all) : all;
    },
    ingress(resource, instance) {
      const id = resource.id ?? randomUUID();
      if (!resource.id && names.has(nameOf(instance))) {
        throw new SCIMMY.Types.Error(409, "uniqueness", "The name is taken");
      }
      const now = new Date().toISOString();
      const before = resource.id && found(id);
      const stored = { ...JSON.parse(JSON.stringify(instance)), id };
      stored.meta = { created: before?.meta.created ?? now, lastModified: now };
      if (before) names.delete(nameOf(before));
      names.add(nameOf(stored));
      resources.set(id, stored);
      onChange(before, stored);
      return read(stored);
    },
    degress(resource) {
      const before = found(resource.id);
      names.delete(nameOf(before));
      resources.delete(resource.id);
      onChange(before);
    },
  });
  return resources;
}

inMemory(User, {
  nameOf: ({ userName }) => userName,
  read(user) {
    const ids = memberships.get(user.id);
    if (!ids) return user;
    return { ...user, groups: [...ids].map((id) => ({ value: id, display: groups.get(id).displayName })) };
  },
  onChange(before, after) {
    if (after) return;
    for (const id of memberships.get(before.id) ?? []) {
      const group = groups.get(id);
      group.members = group.members.filter(({ value }) => value !== before.id);
    }
    memberships.delete(before.id);
  },
});
const groups = inMemory(Group, {
  nameOf: ({ displayName }) => displayName,
  onChange(before, after) {
    for (const { value } of before?.members ?? []) {
      memberships.get(value)?.delete(before.id);
      if (memberships.get(value)?.size === 0) memberships.delete(value);
    }
    for (const { value } of after?.members ?? []) {
      if (!memberships.has(value)) memberships.set(value, new Set());
      memberships.get(value).add(after.id);
    }
  },
});

const app = express();
app.use((_, response, next) => {
  const end = response.end;
  response.end = (...args) => {
    const { user, system } = process.cpuUsage();
    response.setHeader("server-timing", `cpu;dur=${(user + system) / 1_000}`);
    return end.apply(response, args);
  };
  next();
});
app.use(
  "/scim",
  new SCIMMYRouters({
    type: "bearer",
    handler: (request) => {
      if (request.header("Authorization") !== "Bearer bench") throw new Error("Authorization not detected");
      return "bench";
    },
  }),
);
const server = app.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));

process.on("message", () => process.send({ peakMemory: process.resourceUsage().maxRSS * 1024 }));
process.on("disconnect", () => process.exit(0));
