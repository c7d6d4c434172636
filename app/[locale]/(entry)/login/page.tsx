import { LoginPage } from "@/components/login/login-page.tsx";

export default function Page() {
  return <LoginPage />;
}
