import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const config = `
hosts: ["old.example", "plain.example"]
loglevel: error
acl: {local: {user_regexp: ""}}
access_rules: {muc_create: {allow: all}}
auth_password_format: scram
auth_scram_hash: sha256
host_config: {plain.example: {auth_password_format: plain}}
listen: []
modules:
  mod_admin_extra: {}
  mod_blocking: {}
  mod_caps: {}
  mod_disco: {}
  mod_last: {}
  mod_mam: {default: never}
  mod_muc: {access_create: muc_create, access_persistent: muc_create}
  mod_muc_admin: {}
  mod_offline: {}
  mod_privacy: {}
  mod_private: {}
  mod_pubsub: {plugins: [flat, pep]}
  mod_roster: {}
  mod_vcard: {}
`;

/** What its users have done: each line is what ejabberd itself does for them. Text beyond ASCII is told by its numbers. */
const program = `
{ok, _} = application:ensure_all_started(ejabberd),
Old = <<"old.example">>,
Utf8 = fun unicode:characters_to_binary/1,
Xml = fun(Text) -> fxml_stream:parse_element(Utf8(Text)) end,
Send = fun(Text) -> ejabberd_router:route(xmpp:decode(Xml(Text))) end,
Juliet = jid:make(<<"juliet">>, Old),
ok = ejabberd_auth:try_register(<<"juliet">>, Old, <<"capulet pass">>),
ok = ejabberd_auth:try_register(<<"rom.eo">>, Old, Utf8("montagu\\x{e9}")),
ok = ejabberd_auth:try_register(<<"nurse">>, <<"plain.example">>, <<"angelica \\"quoted\\"">>),
mod_admin_extra:add_rosteritem(<<"juliet">>, Old, <<"rom.eo">>, Old, Utf8("Romeo <3 \\x{4f60}\\x{597d}"), <<"Friends">>, <<"both">>),
Send("<presence xmlns='jabber:client' type='subscribe' from='tybalt@old.example' to='juliet@old.example'/>"),
Send("<message xmlns='jabber:client' type='chat' id='m1' from='rom.eo@old.example/r' to='juliet@old.example'>"
  "<body>teach &amp; \\"torches\\" \\x{4f60}\\x{597d}\\nto burn bright</body></message>"),
mod_private:set_data(Juliet, [{<<"storage:notes">>, Xml("<storage xmlns='storage:notes'><note>balcony</note></storage>")}]),
ejabberd_hooks:run_fold(vcard_iq_set, Old, xmpp:decode(Xml("<iq xmlns='jabber:client' type='set' id='v' "
  "from='juliet@old.example/x' to='juliet@old.example'><vCard xmlns='vcard-temp'><FN>Juliet Capulet</FN></vCard></iq>")), []),
mod_blocking:process_iq(xmpp:set_from_to(xmpp:decode(Xml("<iq xmlns='jabber:client' type='set' id='b'>"
  "<block xmlns='urn:xmpp:blocking'><item jid='paris@old.example'/></block></iq>")), jid:make(<<"juliet">>, Old, <<"x">>), Juliet)),
mod_pubsub:publish_item(jid:tolower(Juliet), Old, <<"http://jabber.org/protocol/nick">>, Juliet, <<"current">>,
  [Xml("<nick xmlns='http://jabber.org/protocol/nick'>Jule</nick>")]),
mod_admin_extra:set_last(<<"juliet">>, Old, 1700000000, <<"gone">>),
Room = <<"lobby">>, Rooms = <<"conference.old.example">>,
ok = mod_muc_admin:create_room_with_opts(Room, Rooms, Old, [{<<"title">>, Utf8("Die Lobby \\x{fc}")},
  {<<"persistent">>, <<"true">>}, {<<"members_only">>, <<"true">>}, {<<"mam">>, <<"true">>}]),
ok = mod_muc_admin:set_room_affiliation(Room, Rooms, <<"juliet@old.example">>, <<"owner">>),
ok = mod_muc_admin:set_room_affiliation(Room, Rooms, <<"rom.eo@old.example">>, <<"member">>),
ok = mod_muc_admin:set_room_affiliation(Room, Rooms, <<"tybalt@old.example">>, <<"outcast">>),
Send("<presence xmlns='jabber:client' from='juliet@old.example/x' to='lobby@conference.old.example/Jule'>"
  "<x xmlns='http://jabber.org/protocol/muc'/></presence>"),
Send("<message xmlns='jabber:client' type='groupchat' id='m2' from='juliet@old.example/x' to='lobby@conference.old.example'>"
  "<body>Ay me \\x{fc}</body></message>"),
% A message and a room are written by processes of their own.
Wait = fun Wait(Table) -> case mnesia:table_info(Table, size) of 0 -> timer:sleep(20), Wait(Table); _ -> ok end end,
[Wait(Table) || Table <- [offline_msg, muc_room, private_storage, vcard, privacy, pubsub_item, archive_msg]],
Written = fun Written() ->
  [{muc_room, _, Options}] = mnesia:dirty_read(muc_room, {Room, Rooms}),
  case length(proplists:get_value(affiliations, Options, [])) of 3 -> ok; _ -> timer:sleep(20), Written() end end,
Written(),
{ok, _} = ejabberd_admin:dump_mnesia("all.dump"),
halt(0).
`;

/** Starts Debian's ejabberd in a folder, fills it, and has it write its tables down. Answers where that is. */
export async function ejabberdDump(folder: string): Promise<string> {
  writeFileSync(join(folder, "ejabberd.yml"), config);
  writeFileSync(join(folder, "inetrc"), `{resolv_conf, ""}. {hosts_file, ""}. {lookup, [file]}.\n`);
  await run("/usr/bin/erl", ["-noinput", "+sbwt", "none", "-mnesia", "dir", `"${folder}/mnesia"`, "-eval", program], {
    cwd: folder,
    timeout: 120_000,
    env: {
      ...process.env,
      ERL_INETRC: join(folder, "inetrc"),
      ERL_LIBS: "/usr/lib/x86_64-linux-gnu",
      EJABBERD_CONFIG_PATH: join(folder, "ejabberd.yml"),
      EJABBERD_LOG_PATH: join(folder, "ejabberd.log"),
      HOME: folder,
    },
  });
  return join(folder, "all.dump");
}
