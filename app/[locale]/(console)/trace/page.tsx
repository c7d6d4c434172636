import { TracePage } from "@/components/trace/trace-page.tsx";

export default function Page() {
  return <TracePage />;
}
