import { InvitesPage } from "@/components/invites/invites-page.tsx";

export default function Page() {
  return <InvitesPage />;
}
