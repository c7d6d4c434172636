import { DoctorPage } from "@/components/doctor/doctor-page.tsx";

export default function Page() {
  return <DoctorPage />;
}
