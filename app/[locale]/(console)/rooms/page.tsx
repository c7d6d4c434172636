import { RoomsPage } from "@/components/rooms/rooms-page.tsx";

export default function Page() {
  return <RoomsPage />;
}
