import { HostsPage } from "@/components/hosts/hosts-page.tsx";

export default function Page() {
  return <HostsPage />;
}
