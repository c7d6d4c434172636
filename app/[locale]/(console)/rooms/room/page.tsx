import { RoomPage } from "@/components/rooms/room-page.tsx";

export default function Page() {
  return <RoomPage />;
}
