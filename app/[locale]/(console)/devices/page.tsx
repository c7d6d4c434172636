import { DevicesPage } from "@/components/devices/devices-page.tsx";

export default function Page() {
  return <DevicesPage />;
}
