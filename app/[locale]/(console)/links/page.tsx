import { LinksPage } from "@/components/links/links-page.tsx";

export default function Page() {
  return <LinksPage />;
}
