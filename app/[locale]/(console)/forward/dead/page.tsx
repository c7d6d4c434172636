import { DeadLettersPage } from "@/components/dead-letters/dead-letters-page.tsx";

export default function Page() {
  return <DeadLettersPage />;
}
