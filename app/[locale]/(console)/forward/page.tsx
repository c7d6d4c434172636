import { ForwardPage } from "@/components/forward/forward-page.tsx";

export default function Page() {
  return <ForwardPage />;
}
