import { OverviewPage } from "@/components/overview/overview-page.tsx";

export default function Page() {
  return <OverviewPage />;
}
