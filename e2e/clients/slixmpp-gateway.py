"""A gateway on slixmpp with privileges (XEP-0356), as bridges to other networks use them. Prints a line for each fact.

python3 slixmpp-gateway.py PORT SECRET
"""

import asyncio
import sys

from slixmpp import ComponentXMPP

PORT, SECRET = int(sys.argv[1]), sys.argv[2]
DOMAIN, USER = "gateway.localhost", "romeo@localhost"
SECONDS = 15


class Gateway(ComponentXMPP):
    def __init__(self):
        super().__init__(DOMAIN, SECRET, "localhost", PORT)
        self.granted = asyncio.get_running_loop().create_future()
        for plugin in ("xep_0030", "xep_0356"):
            self.register_plugin(plugin)
        self.add_event_handler("privileges_advertised", lambda event: self.granted.set_result(None))
        self.connect()


async def main():
    gateway = Gateway()
    await asyncio.wait_for(gateway.granted, SECONDS)
    rights = gateway["xep_0356"]
    granted = rights.granted_privileges
    print(f"granted: {granted['roster']}, {granted['message']}, {granted['presence']}")
    await rights.set_roster(USER, {f"u@{DOMAIN}": {"name": "U", "subscription": "both", "groups": ["Elsewhere"]}})
    roster = await rights.get_roster(USER, timeout=SECONDS)
    for jid, item in roster["roster"]["items"].items():
        print("roster:", jid, item["name"], item["subscription"])
    message = gateway.make_message(mto="juliet@localhost", mfrom=USER, mbody="from afar", mtype="chat")
    rights.send_privileged_message(message)
    gateway.disconnect()
    await gateway.disconnected


asyncio.run(main())
