import { CertificatesPage } from "@/components/certificates/certificates-page.tsx";

export default function Page() {
  return <CertificatesPage />;
}
