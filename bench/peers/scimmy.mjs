// A SCIM service as users of scimmy and scimmy-routers write it, with everything in memory. Talks over IPC:
// {port} once it listens; to "usage" it answers {peakMemory, cpu} in bytes and microseconds.
import { randomUUID } from "node:crypto";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

function inMemory(type, duplicates) {
  const resources = new Map();
  SCIMMY.Resources.declare(type, {
    egress(resource) {
      if (resource.id) {
        const found = resources.get(resource.id);
        if (!found) throw new SCIMMY.Types.Error(404, null, `Resource ${resource.id} not found`);
        return found;
      }
      const all = [...resources.values()];
      return resource.filter ? resource.filter.match(all) : all;
    },
    ingress(resource, instance) {
      const id = resource.id ?? randomUUID();
      if (!resource.id && duplicates(resources, instance)) {
        throw new SCIMMY.Types.Error(409, "uniqueness", "The name is taken");
      }
      const now = new Date().toISOString();
      const before = resources.get(id);
      const stored = { ...JSON.parse(JSON.stringify(instance)), id };
      stored.meta = { created: before?.meta.created ?? now, lastModified: now };
      names.delete(before?.userName ?? before?.displayName);
      names.add(stored.userName ?? stored.displayName);
      resources.set(id, stored);
      return stored;
    },
    degress(resource) {
      if (!resources.delete(resource.id)) throw new SCIMMY.Types.Error(404, null, `Resource ${resource.id} not found`);
    },
  });
}

const names = new Set();
const isTaken = (_, { userName, displayName }) => names.has(userName ?? displayName);
inMemory(SCIMMY.Resources.User, isTaken);
inMemory(SCIMMY.Resources.Group, isTaken);

const app = express();
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

let peakMemory = 0;
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  peakMemory = Math.max(peakMemory, process.memoryUsage.rss());
  process.send({ peakMemory, cpu: user + system });
});
process.on("disconnect", () => process.exit(0));
