import type { MetricFamily, MetricSample } from "../../core/metrics.ts";

export const prometheusType = "text/plain; version=0.0.4; charset=utf-8";

/** Families in the text format of Prometheus (version 0.0.4). One that cannot be read is left out. */
export async function prometheusText(
  families: Iterable<MetricFamily>,
  failed: (name: string, error: unknown) => void,
): Promise<string> {
  const texts = await Promise.all(
    [...families].map(async (family) => {
      try {
        return familyText(family, await family.read());
      } catch (error) {
        failed(family.name, error);
        return "";
      }
    }),
  );
  return texts.join("");
}

function familyText({ name, help, type }: MetricFamily, samples: Iterable<MetricSample>): string {
  const lines = [`# HELP ${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}`, `# TYPE ${name} ${type}`];
  for (const { labels, value } of samples) lines.push(`${name}${labelText(labels)} ${valueText(value)}`);
  return `${lines.join("\n")}\n`;
}

function labelText(labels: MetricSample["labels"]): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function valueText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? "+Inf" : "-Inf";
}
