import { ModulePage } from "@/components/modules/module-page.tsx";

export default function Page() {
  return <ModulePage />;
}
