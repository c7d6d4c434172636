import { EventPage } from "@/components/forward/event-page.tsx";

export default function Page() {
  return <EventPage />;
}
