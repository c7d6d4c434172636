import { ImportsPage } from "@/components/imports/imports-page.tsx";

export default function Page() {
  return <ImportsPage />;
}
