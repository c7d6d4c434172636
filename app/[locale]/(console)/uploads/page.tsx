import { UploadsPage } from "@/components/uploads/uploads-page.tsx";

export default function Page() {
  return <UploadsPage />;
}
