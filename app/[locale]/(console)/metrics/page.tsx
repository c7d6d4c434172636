import { MetricsPage } from "@/components/metrics/metrics-page.tsx";

export default function Page() {
  return <MetricsPage />;
}
