import { expect, it } from "vitest";
import type { MetricFamily } from "../../core/metrics.ts";
import { prometheusText } from "./prometheus.ts";

const family = (changes: Partial<MetricFamily>): MetricFamily => ({
  name: "a_total",
  help: "What it is.",
  type: "counter",
  read: () => [],
  ...changes,
});

it("writes families as Prometheus reads them", async () => {
  const families = [
    family({ read: () => [{ labels: {}, value: 3 }] }),
    family({
      name: "b",
      type: "gauge",
      help: "A line\nand a \\.",
      read: () => Promise.resolve([{ labels: { host: 'a"b\\c\nd', kind: "x" }, value: 0.5 }]),
    }),
    family({
      name: "c",
      read: () => [
        { labels: {}, value: Infinity },
        { labels: { n: "1" }, value: Number.NaN },
      ],
    }),
  ];
  expect(await prometheusText(families, () => expect.unreachable())).toBe(
    [
      "# HELP a_total What it is.",
      "# TYPE a_total counter",
      "a_total 3",
      "# HELP b A line\\nand a \\\\.",
      "# TYPE b gauge",
      'b{host="a\\"b\\\\c\\nd",kind="x"} 0.5',
      "# HELP c What it is.",
      "# TYPE c counter",
      "c +Inf",
      'c{n="1"} NaN',
      "",
    ].join("\n"),
  );
});

it("leaves out what cannot be read, and says so", async () => {
  const failed: string[] = [];
  const broken = family({ read: () => Promise.reject(new Error("no /proc")) });
  expect(await prometheusText([broken], (name) => failed.push(name))).toBe("");
  expect(failed).toEqual(["a_total"]);
});
