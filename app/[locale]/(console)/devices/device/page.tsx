import { DevicePage } from "@/components/devices/device-page.tsx";

export default function Page() {
  return <DevicePage />;
}
