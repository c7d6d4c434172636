import { ModulesPage } from "@/components/modules/modules-page.tsx";

export default function Page() {
  return <ModulesPage />;
}
