import { AnnouncementsPage } from "@/components/announcements/announcements-page.tsx";

export default function Page() {
  return <AnnouncementsPage />;
}
