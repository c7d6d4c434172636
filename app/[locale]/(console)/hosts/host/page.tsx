import { HostPage } from "@/components/hosts/host-page.tsx";

export default function Page() {
  return <HostPage />;
}
