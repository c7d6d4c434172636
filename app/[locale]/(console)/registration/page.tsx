import { RegistrationPage } from "@/components/registration/registration-page.tsx";

export default function Page() {
  return <RegistrationPage />;
}
