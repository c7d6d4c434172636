"""Two accounts on slixmpp in a room (XEP-0045): one makes and configures it, the other is kicked and banned. Prints a line for
each fact.

python3 slixmpp-room.py PORT CERTIFICATE OWNER GUEST
"""

import asyncio
import sys

from slixmpp import ClientXMPP
from slixmpp.exceptions import PresenceError

PORT, CERTIFICATE, OWNER, GUEST = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
PASSWORD = "a long password"
SECONDS = 15
ROOM = "cave@conference.localhost"


class Occupant(ClientXMPP):
    def __init__(self, user):
        super().__init__(f"{user}@localhost/slixmpp", PASSWORD)
        loop = asyncio.get_running_loop()
        self.ready, self.said, self.left = loop.create_future(), asyncio.Queue(), asyncio.Queue()
        self.ca_certs = CERTIFICATE
        for plugin in ("xep_0004", "xep_0030", "xep_0045"):
            self.register_plugin(plugin)
        self.add_event_handler("session_start", self.on_start)
        self.add_event_handler("failed_all_auth", lambda event: self.ready.set_exception(RuntimeError("not let in")))
        self.add_event_handler("groupchat_message", lambda message: self.said.put_nowait(message))
        self.add_event_handler("groupchat_presence", self.on_presence)
        self.connect(("127.0.0.1", PORT), force_starttls=True)

    async def on_start(self, event):
        self.send_presence()
        self.ready.set_result(None)

    def on_presence(self, presence):
        codes = presence["muc"]["status_codes"]
        if presence["type"] == "unavailable" and 110 in codes:
            self.left.put_nowait(sorted(codes))

    def enter(self):
        return self["xep_0045"].join_muc_wait(ROOM, self.boundjid.user, timeout=SECONDS)


async def main():
    owner, guest = Occupant(OWNER), Occupant(GUEST)
    await asyncio.wait_for(asyncio.gather(owner.ready, guest.ready), SECONDS)
    rooms = owner["xep_0045"]
    await owner.enter()
    form = await rooms.get_room_config(ROOM)
    form["type"] = "submit"
    form["values"] = {**form.get_values(), "muc#roomconfig_roomname": "A Dark Cave", "muc#roomconfig_persistentroom": True}
    await rooms.set_room_config(ROOM, form)
    info = await guest["xep_0030"].get_info(ROOM, timeout=SECONDS)
    print(f"configured: {[name for _, _, _, name in info['disco_info']['identities']]}")
    await guest.enter()
    guest.send_message(ROOM, "Thrice the brinded cat hath mew'd.", mtype="groupchat")
    message = await asyncio.wait_for(owner.said.get(), SECONDS)
    print(f"heard: {message['mucnick']}: {message['body']}")
    await rooms.set_role(ROOM, GUEST, "none", reason="enough")
    print(f"kicked: {await asyncio.wait_for(guest.left.get(), SECONDS)}")
    await guest.enter()
    await rooms.set_affiliation(ROOM, jid=f"{GUEST}@localhost", affiliation="outcast")
    print(f"banned: {await asyncio.wait_for(guest.left.get(), SECONDS)}")
    try:
        await guest.enter()
        print("let in again")
    except PresenceError as error:
        print(f"refused: {error.condition}")
    for one in (owner, guest):
        one.disconnect()
        await one.disconnected


asyncio.run(main())
