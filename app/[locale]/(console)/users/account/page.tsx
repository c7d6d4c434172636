import { UserPage } from "@/components/users/user-page.tsx";

export default function Page() {
  return <UserPage />;
}
