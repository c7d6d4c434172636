import { QueuePage } from "@/components/offline/queue-page.tsx";

export default function Page() {
  return <QueuePage />;
}
