import { BackupsPage } from "@/components/backups/backups-page.tsx";

export default function Page() {
  return <BackupsPage />;
}
