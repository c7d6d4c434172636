"""An admin on slixmpp runs commands of service administration (XEP-0050, XEP-0133). Prints a line for each fact.

python3 slixmpp-admin.py PORT CERTIFICATE USER
"""

import asyncio
import sys

from slixmpp import ClientXMPP

PORT, CERTIFICATE, USER = int(sys.argv[1]), sys.argv[2], sys.argv[3]
PASSWORD = "a long password"
SECONDS = 15
ADMIN = "http://jabber.org/protocol/admin#"


class Admin(ClientXMPP):
    def __init__(self):
        super().__init__(f"{USER}@localhost/slixmpp", PASSWORD)
        self.ready = asyncio.get_running_loop().create_future()
        self.ca_certs = CERTIFICATE
        for plugin in ("xep_0004", "xep_0030", "xep_0050", "xep_0133"):
            self.register_plugin(plugin)
        self.add_event_handler("session_start", self.on_start)
        self.add_event_handler("failed_all_auth", lambda event: self.ready.set_exception(RuntimeError("not let in")))
        self.connect(("127.0.0.1", PORT), force_starttls=True)

    async def on_start(self, event):
        self.send_presence()
        self.ready.set_result(None)

    def run(self, command, **fields):
        """The last answer of a command: its form is filled in with these fields, if there is one."""
        done = asyncio.get_running_loop().create_future()

        def answered(iq, session):
            if iq["command"]["status"] == "completed":
                done.set_result(iq)
                return
            form = iq["command"]["form"]
            form["type"] = "submit"
            form["values"] = fields
            session["payload"] = form
            self["xep_0050"].complete_command(session)

        def refused(iq, session):
            self["xep_0050"].terminate_command(session)
            done.set_result(iq)

        getattr(self["xep_0133"], command)(jid="localhost", session={"next": answered, "error": refused})
        return asyncio.wait_for(done, SECONDS)


def outcome(iq):
    return iq["error"]["condition"] if iq["type"] == "error" else iq["command"]["status"]


async def main():
    # The library leaves the errors behind that it has handed over.
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    admin = Admin()
    await asyncio.wait_for(admin.ready, SECONDS)
    found = await admin["xep_0133"].get_commands(jid="localhost", timeout=SECONDS)
    nodes = {node for _, node, _ in found["disco_items"]["items"]}
    print(f"offered: {ADMIN + 'add-user' in nodes}")
    bot = "bot@localhost"
    words = {"accountjid": bot, "password": PASSWORD, "password-verify": PASSWORD}
    print(f"add-user: {outcome(await admin.run('add_user', **words))}")
    online = await admin.run("get_online_users_num")
    if online["type"] != "error":
        print(f"online: {online['command']['form'].get_values()['onlineusersnum']}")
    print(f"change-user-password: {outcome(await admin.run('change_user_password', accountjid=bot, password='another one'))}")
    print(f"disable-user: {outcome(await admin.run('disable_user', accountjids=[bot]))}")
    print(f"reenable-user: {outcome(await admin.run('reenable_user', accountjids=[bot]))}")
    print(f"delete-user: {outcome(await admin.run('delete_user', accountjids=[bot]))}")
    admin.disconnect()
    await admin.disconnected


asyncio.run(main())
