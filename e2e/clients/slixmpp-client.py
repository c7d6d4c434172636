"""Romeo and Juliet on slixmpp: they log in, chat, miss a message and read the archive. Prints a line for each fact.

python3 slixmpp-client.py PORT CERTIFICATE
"""

import asyncio
import sys

from slixmpp import ClientXMPP

PORT, CERTIFICATE = int(sys.argv[1]), sys.argv[2]
PASSWORD = "a long password"
SECONDS = 15


class Client(ClientXMPP):
    def __init__(self, user):
        super().__init__(f"{user}@localhost/slixmpp", PASSWORD)
        self.inbox = asyncio.Queue()
        self.ready = asyncio.get_running_loop().create_future()
        self.ca_certs = CERTIFICATE
        for plugin in ("xep_0030", "xep_0198", "xep_0199", "xep_0203", "xep_0280", "xep_0313"):
            self.register_plugin(plugin)
        self.add_event_handler("session_start", self.on_start)
        self.add_event_handler("message", self.inbox.put_nowait)
        # It begins with channel bindings that TLS 1.3 has not got, and finds another mechanism.
        self.add_event_handler("failed_all_auth", lambda event: self.ready.set_exception(RuntimeError("not let in")))
        self.connect(("127.0.0.1", PORT), force_starttls=True)

    async def on_start(self, event):
        await self.get_roster()
        await self["xep_0280"].enable()
        self.send_presence()
        await self["xep_0199"].ping("localhost", timeout=SECONDS)
        self.ready.set_result(None)

    async def received(self):
        return await asyncio.wait_for(self.inbox.get(), SECONDS)

    async def leave(self):
        self.disconnect()
        await self.disconnected


async def online(user):
    client = Client(user)
    await asyncio.wait_for(client.ready, SECONDS)
    return client


async def main():
    romeo, juliet = await online("romeo"), await online("juliet")
    romeo.send_message(mto="juliet@localhost", mbody="1 & <2>", mtype="chat")
    message = await juliet.received()
    print(f"juliet reads {message['body']}")
    message.reply("二 🌙").send()
    print(f"romeo reads {(await romeo.received())['body']}")
    await juliet.leave()
    romeo.send_message(mto="juliet@localhost", mbody="missed", mtype="chat")
    await romeo["xep_0199"].ping("localhost", timeout=SECONDS)
    juliet = await online("juliet")
    # What she has read and not confirmed before she left may come once more.
    while (message := await juliet.received())["body"] != "missed":
        pass
    print(f"juliet reads {message['body']}, stamped: {message['delay']['stamp'] is not None}")
    archive = await juliet["xep_0313"].retrieve(with_jid="romeo@localhost", rsm={"max": 10}, timeout=SECONDS)
    bodies = [one["mam_result"]["forwarded"]["stanza"]["body"] for one in archive["mam"]["results"]]
    print(f"archive: {', '.join(bodies)}")
    await juliet.leave()
    await romeo.leave()


asyncio.run(main())
