import { ComponentsPage } from "@/components/components/components-page.tsx";

export default function Page() {
  return <ComponentsPage />;
}
