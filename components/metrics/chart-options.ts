import uPlot from "uplot";
import type { MetricBoard } from "@/lib/contracts/metrics.ts";
import type { ChartLine } from "./chart-lines.ts";

interface Options {
  width: number;
  height: number;
  lines: readonly ChartLine[];
  locale: string;
  zone: string;
  write: (value: number) => string;
  marks: () => MetricBoard["marks"];
  spanMs: () => number;
  onSlot: (slot: number | null) => void;
}

const dayMs = 86_400_000;
/** Charts of one key share their crosshair. */
const syncKey = "nightpost-metrics";

/** Hairlines, no legend, no zoom; colours from the page's tokens as they are now. */
export function chartOptions({
  width,
  height,
  lines,
  locale,
  zone,
  write,
  marks,
  spanMs,
  onSlot,
}: Options): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const font = `12px ${getComputedStyle(document.body).fontFamily}`;
  const grid = { stroke: token("--line"), width: 1 };
  const axis = { stroke: token("--ink-3"), font, grid, ticks: { show: false }, border: { show: false } };
  const soft = lines.length === 1 ? `color-mix(in oklab, ${token(lines[0]!.colour)} 8%, transparent)` : undefined;
  const clock = new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const day = new Intl.DateTimeFormat(locale, { timeZone: zone, month: "short", day: "numeric" });

  return {
    width,
    height,
    padding: [10, 18, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { size: 6 },
      drag: { x: false, y: false },
      sync: { key: syncKey, setSeries: false },
    },
    scales: { x: { time: true }, y: { range: (_chart, _min, max) => [0, max > 0 ? max * 1.08 : 1] } },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), zone),
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 72,
        size: 28,
        values: (_chart, splits) =>
          splits.map((seconds) => (spanMs() > 2 * dayMs ? day : clock).format(seconds * 1000)),
      },
      {
        ...axis,
        space: 40,
        size: 64,
        values: (_chart, splits) => splits.map((value) => (value === null ? "" : write(value))),
      },
    ],
    series: [
      {},
      ...lines.map(({ colour, dash }): uPlot.Series => ({
        stroke: token(colour),
        width: 1.5,
        dash: [...dash],
        spanGaps: false,
        points: { show: true, size: 3, fill: token(colour), filter: isolated },
        ...(soft === undefined ? {} : { fill: soft }),
      })),
    ],
    hooks: {
      setCursor: [(chart) => onSlot(chart.cursor.idx ?? null)],
      draw: [(chart) => drawMarks(chart, marks(), { start: token("--ink-3"), policy: token("--violet") })],
    },
  };
}

/** Places that a line cannot show: a value between two gaps. */
function isolated(chart: uPlot, series: number): number[] {
  const values = chart.data[series] ?? [];
  const places: number[] = [];
  for (let index = 0; index < values.length; index += 1)
    if (values[index] != null && values[index - 1] == null && values[index + 1] == null) places.push(index);
  return places;
}

/** A hairline with a tick at its top for each start of the server and each change of the policy. */
function drawMarks(chart: uPlot, marks: MetricBoard["marks"], colours: { start: string; policy: string }): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.lineWidth = devicePixelRatio;
  for (const { at, kind } of marks) {
    const seconds = Date.parse(at) / 1000;
    const { min = 0, max = 0 } = chart.scales["x"] ?? {};
    if (min === null || max === null || seconds < min || seconds > max) continue;
    const x = Math.round(chart.valToPos(seconds, "x", true)) + 0.5;
    ctx.strokeStyle = colours[kind];
    ctx.fillStyle = colours[kind];
    ctx.setLineDash(kind === "start" ? [] : [2 * devicePixelRatio, 2 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.fillRect(x - 2 * devicePixelRatio, bbox.top - 3 * devicePixelRatio, 4 * devicePixelRatio, 3 * devicePixelRatio);
  }
  ctx.restore();
}
