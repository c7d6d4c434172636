import { GroupsPage } from "@/components/groups/groups-page.tsx";

export default function Page() {
  return <GroupsPage />;
}
