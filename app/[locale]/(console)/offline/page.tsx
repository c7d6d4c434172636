import { OfflinePage } from "@/components/offline/offline-page.tsx";

export default function Page() {
  return <OfflinePage />;
}
