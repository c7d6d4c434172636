import { TargetsPage } from "@/components/targets/targets-page.tsx";

export default function Page() {
  return <TargetsPage />;
}
