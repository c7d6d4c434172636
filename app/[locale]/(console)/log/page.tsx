import { LogPage } from "@/components/log/log-page.tsx";

export default function Page() {
  return <LogPage />;
}
