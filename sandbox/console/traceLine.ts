import { painter } from "../../operations/verify/report.ts";
import type { Cost } from "../aws/index.ts";
import type { Exchange } from "../okta/index.ts";
import { createSummarizer, type ExchangeSummary } from "./exchangeView.ts";

const summarize = createSummarizer();

const round = (units: number): string => String(Math.round(units * 10) / 10);

/** `3 requests, 1.5 RCU, 4 WCU` */
const costText = ({ requests, readUnits, writeUnits }: Cost): string =>
  [
    `${requests} ${requests === 1 ? "request" : "requests"}`,
    `${round(readUnits)} RCU`,
    `${round(writeUnits)} WCU`,
  ].join(", ");

function styleOf({ failed, method }: ExchangeSummary): "red" | "dim" | "green" {
  if (failed) return "red";
  return method === "GET" ? "dim" : "green";
}

/** Control characters of a name would move the cursor of a terminal. */
const printable = (text: string): string => text.replace(/\p{Cc}/gu, "\ufffd");

/** One exchange for the terminal: time, request, status, latency, cost and description. */
export function traceLine(exchange: Exchange, cost: Cost | undefined, coloured: boolean): string {
  const summary = summarize(exchange, cost);
  const { at, method, path, status, ms, what } = summary;
  const answer = status === 0 ? "---" : String(status);
  const shown = painter(coloured)(styleOf(summary), `${method.padEnd(6)} ${answer}`);
  const price = cost === undefined ? "" : `  [${costText(cost)}]`;
  return `  ${at.slice(11, 23)}  ${shown} ${`${ms} ms`.padStart(8)}  ${printable(what)}  ${printable(path)}${price}`;
}
