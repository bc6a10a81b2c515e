import { existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Megabytes at which a function has one vCPU (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html). */
const MB_PER_PROCESSOR = 1_769;
/**
 * Microseconds after which a quota is granted again. AWS does not document Lambda's period. A shorter one spreads the same
 * share of a processor more evenly.
 */
const PERIOD = 20_000;

/** The share of a vCPU that a function of this size has. Node.js gains little from more than one. */
export const shareOf = (megabytes: number): number => Math.min(1, megabytes / MB_PER_PROCESSOR);

/** A control group of the kernel whose processes share a quota of processor time. */
export interface QuotaGroup {
  /** File that takes the id of a process, which then belongs to the group. */
  readonly procs: string;
  /** The group's processes must have ended. */
  remove(): void;
}

/** Creates a group in which all processes together get a share of one processor. */
export type CreateQuota = (name: string, share: number) => QuotaGroup;

export interface Quotas {
  readonly version: 1 | 2;
  readonly create: CreateQuota;
}

/**
 * The control groups for processor time of this machine; undefined if there are none, or this user may not create one.
 * @param mount where control groups are mounted
 */
export function findQuotas(mount = "/sys/fs/cgroup"): Quotas | undefined {
  const candidates: Quotas[] = [
    { version: 1, create: (name, share) => createV1(join(mount, "cpu", name), share) },
    { version: 2, create: (name, share) => createV2(join(mount, name), share) },
  ];
  return candidates.find(({ create }) => {
    try {
      create(`scim-bench-${process.pid}-probe`, 1).remove();
      return true;
    } catch {
      return false;
    }
  });
}

/** https://docs.kernel.org/scheduler/sched-bwc.html; the largest weight, so that other work delays the group little. */
function createV1(folder: string, share: number): QuotaGroup {
  const group = createGroup(folder, "cpu.cfs_quota_us");
  write(folder, "cpu.cfs_period_us", PERIOD);
  write(folder, "cpu.cfs_quota_us", Math.round(PERIOD * share));
  write(folder, "cpu.shares", 262_144);
  return group;
}

/** https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu-interface-files */
function createV2(folder: string, share: number): QuotaGroup {
  const group = createGroup(folder, "cpu.max");
  write(folder, "cpu.max", `${Math.round(PERIOD * share)} ${PERIOD}`);
  write(folder, "cpu.weight", 10_000);
  return group;
}

/** @throws Error if the folder is not a control group with that file, after it was removed again */
function createGroup(folder: string, file: string): QuotaGroup {
  mkdirSync(folder);
  const remove = (): void => rmdirSync(folder);
  if (existsSync(join(folder, file))) return { procs: join(folder, "cgroup.procs"), remove };
  remove();
  throw new Error(`${folder} has no ${file}`);
}

const write = (folder: string, file: string, value: string | number): void =>
  writeFileSync(join(folder, file), String(value));
