interface Props {
  /** Oldest first. */
  values: readonly number[];
  /** How many values the whole width is for: fewer of them begin later. */
  slots: number;
  /** What the line shows, for those who cannot see it. */
  label: string;
  className?: string;
}

const width = 240;
const height = 36;

/** A line from zero; no axis, no smoothing. Where nothing was measured it is dashed. */
export function Sparkline({ values, slots, label, className }: Props) {
  const top = Math.max(1, ...values);
  const step = width / Math.max(1, slots - 1);
  const start = width - Math.max(0, values.length - 1) * step;
  const points = values.map(
    (value, index) => `${(start + index * step).toFixed(1)},${(height - 2 - (value / top) * (height - 5)).toFixed(1)}`,
  );
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      className={className}
    >
      <line
        x1="0"
        x2={start}
        y1={height - 1}
        y2={height - 1}
        strokeDasharray="3 3"
        className="stroke-line-strong/60"
        vectorEffect="non-scaling-stroke"
      />
      <line
        x1={start}
        x2={width}
        y1={height - 1}
        y2={height - 1}
        className="stroke-line"
        vectorEffect="non-scaling-stroke"
      />
      {points.length > 1 ? (
        <>
          <polygon
            points={`${start},${height - 1} ${points.join(" ")} ${width},${height - 1}`}
            className="fill-accent/8"
          />
          <polyline
            points={points.join(" ")}
            fill="none"
            strokeWidth="1.5"
            className="stroke-accent"
            vectorEffect="non-scaling-stroke"
          />
        </>
      ) : null}
    </svg>
  );
}
