import { ReportsPage } from "@/components/reports/reports-page.tsx";

export default function Page() {
  return <ReportsPage />;
}
