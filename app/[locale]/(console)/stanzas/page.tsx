import { StanzasPage } from "@/components/stanzas/stanzas-page.tsx";

export default function Page() {
  return <StanzasPage />;
}
