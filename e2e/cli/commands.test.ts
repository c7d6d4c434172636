/** Every command once, against a running server: what it prints, what it changes, and what it exits with. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { TestServer } from "../support/server.ts";
import { Sink } from "../support/sink.ts";
import { XmppClient } from "../support/xmpp-client.ts";
import { environment, nightpost, type Outcome } from "./nightpost.ts";

let server: TestServer;
const sink = new Sink();
const np = (args: string, input = ""): Promise<Outcome> => nightpost(environment(server.data), wordsOf(args), input);
/** Words as a shell would cut them; quotes keep blanks together. */
const wordsOf = (text: string): string[] =>
  Array.from(text.matchAll(/'([^']*)'|(\S+)/g), ([, quoted, plain]) => quoted ?? plain ?? "");

async function json(args: string): Promise<unknown> {
  const { code, stdout, stderr } = await np(`${args} --json`);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

before(async () => {
  await sink.start();
  server = await TestServer.start();
});
after(async () => {
  await server.stop();
  await sink.stop();
});

/** Runs the steps one after the other: each depends on those before. */
function story(
  name: string,
  steps: readonly (readonly [args: string, code: number, output: RegExp, input?: string])[],
): void {
  describe(name, () => {
    for (const [args, code, output, input] of steps) {
      test(args, async () => {
        const outcome = await np(args.replaceAll("URL", sink.url), input);
        assert.equal(outcome.code, code, outcome.stderr || outcome.stdout);
        assert.match(outcome.stdout + outcome.stderr, output);
        // A failure has nothing to say to the next program in a pipe.
        if (code === 2) assert.equal(outcome.stdout, "");
      });
    }
  });
}

story("accounts", [
  ["register romeo localhost pencil", 0, /^User romeo@localhost successfully registered\n$/],
  ["register romeo localhost pencil", 1, /exist/i],
  ["register juliet localhost --password-file -", 0, /juliet@localhost/, "quill\n"],
  ["register nobody nowhere.example pencil", 1, /nowhere\.example/],
  ["register romeo localhost", 2, /password/],
  ["register", 2, /missing required argument 'user'/],
  ["check_account romeo localhost", 0, /romeo@localhost exists/],
  ["check_account mercutio localhost", 1, /mercutio@localhost/],
  ["check_password romeo localhost pencil", 0, /matches/],
  ["check_password romeo localhost brush", 1, /does not match/],
  ["change_password romeo localhost brush", 0, /changed/],
  ["check_password romeo localhost brush", 0, /matches/],
  ["registered_users localhost", 0, /^juliet\nromeo\n$/],
  ["registered_vhosts", 0, /^localhost\n$/],
  ["connected_users", 0, /^$/],
  ["connected_users_number", 0, /^0\n$/],
  ["ban_account romeo localhost 'for spam'", 0, /suspended/],
  ["unban_account romeo localhost", 0, /may log in again/],
  ["users list --matching jul", 0, /^juliet@localhost\n$/],
  ["users suspend", 2, /--all/],
  ["users suspend --matching jul --dry-run", 0, /^1 accounts match, with 0 sessions.*\n {2}juliet@localhost\n$/],
  ["users suspend --matching jul --reason 'for spam'", 0, /^done: 1 of 1 suspended {2}\S+\n$/],
  ["users list --filter suspended", 0, /^juliet@localhost\n$/],
  ["users list --matching jul --created-since 2001-01-01", 0, /^juliet@localhost\n$/],
  ["users list --matching jul --created-since 2101-01-01", 0, /^$/],
  ["users list --created-since soon", 2, /--created-since: not a time/],
  ["users resume --filter suspended", 0, /^done: 1 of 1 resumed/],
  ["users resume --idle never", 2, /idleDays/],
  ["users expire-passwords --matching jul --except juliet@localhost", 0, /^done: 0 of 0/],
  ["users kick --all", 0, /^done: \d+ of \d+ put out/],
  ["users jobs", 0, /suspend +done +1\/1 \(0 left\)/],
  ["users stop none", 1, /no job none/],
  ["users tag", 2, /tag/],
  ["users tag VIP --only juliet@localhost", 0, /^done: 1 of 1 tagged {2}\S+\n$/],
  ["users list --tag vip", 0, /^juliet@localhost\n$/],
  ["users list --tag vip --matching juliet --not tag", 0, /^$/],
  ["users tags", 0, /^vip\t1\n$/],
  ["users announce Hello there", 2, /--all/],
  ["users announce Hello there --tag vip --wait", 0, /\tdone\t.*\tusers\t1\/1\t/],
  ["users untag vip --tag vip", 0, /^done: 1 of 1 without it/],
  ["sessions announce Hello there --all", 1, /finds nobody/],
  ["sessions end", 2, /--all/],
  ["sessions end --all --dry-run", 0, /^0 sessions of 0 accounts match/],
  ["sessions end --idle 10", 0, /^done: 0 of 0 sessions ended/],
  ["roster set romeo@localhost juliet@localhost both --name Juliet --groups Capulets", 0, /is a contact of/],
  ["roster set romeo@localhost juliet@localhost friends", 2, /none, to, from, both/],
  ["roster remove romeo@localhost juliet@localhost", 0, /no contact of/],
  ["roster remove romeo@localhost juliet@localhost", 1, /no contact of/],
  ["unregister juliet localhost", 0, /deleted/],
  ["unregister juliet localhost", 1, /juliet@localhost/],
  ["admin grant romeo@localhost", 0, /is an admin/],
  ["acl test admin romeo@localhost", 0, /matches admin/],
  ["admin revoke romeo@localhost --help", 0, /Usage: nightpost admin revoke/],
]);

story("hosts", [
  ["host add bix.org", 0, /added/],
  ["host add bix.org", 1, /bix\.org/],
  ["host add 'not a host'", 1, /host/],
  ["registration set --host bix.org mode=invite", 0, /set/],
  ["host add baz.org --like bix.org", 0, /added/],
  ["host settings baz.org", 0, /registration\tits own\n {2}mode: "closed" -> "invite"/],
  ["host reset baz.org registration", 0, /follows the default/],
  ["host reset baz.org registration", 1, /registration/],
  ["host reset baz.org nonsense", 2, /registration, module, acl, access-rule/],
  ["host settings baz.org", 0, /^$/],
  ["host settings baz.org --all", 0, /module muc\tthe default/],
  ["host drain baz.org --minutes 0", 2, /whole number/],
  ["host drain baz.org --minutes 30", 0, /takes no new sessions/],
  ["host list", 0, /baz\.org.*drained until/],
  ["host stop-draining baz.org", 0, /takes sessions again/],
  ["host stop-draining baz.org", 1, /not being drained/],
  ["host disable baz.org", 0, /disabled/],
  ["host drain baz.org", 1, /switched off/],
  ["host enable baz.org", 0, /enabled/],
  ["host names baz.org", 0, /baz\.org/],
  ["host remove baz.org --yes", 0, /removed/],
  ["host list", 0, /bix\.org\t0 users/],
  ["registered_vhosts", 0, /^bix\.org\nlocalhost\n$/],
  ["host remove bix.org", 2, /--yes/],
  ["host remove bix.org --yes", 0, /removed/],
  ["host remove bix.org --yes", 1, /bix\.org/],
]);

story("policy", [
  ["acl set blocked 'user tybalt@localhost' 'ip 203.0.113.0/24'", 0, /ACL blocked set/],
  ["acl set blocked 'usr tybalt@localhost'", 2, /usr/],
  ["acl list", 0, /blocked: user tybalt@localhost/],
  ["acl test blocked tybalt@localhost", 0, /tybalt@localhost matches blocked/],
  ["acl test blocked romeo@localhost", 1, /does not match/],
  ["acl test blocked romeo@localhost --ip 203.0.113.9", 0, /matches/],
  ["acl test blockd romeo@localhost", 1, /blockd/],
  ["acl count 'ip 203.0.113.0/24'", 0, /^matches 0 of \d+ accounts, 0 online$/m],
  ["acl count 'user_regexp ['", 1, /missing closing/],
  ["access set c2s 'deny acl blocked' 'allow all'", 0, /c2s/],
  ["access list", 0, /c2s: deny/],
  ["access test c2s tybalt@localhost", 1, /^denied by c2s, line 1/],
  ["access test c2s romeo@localhost", 0, /^allowed by c2s, line 2/],
  ["registration get", 0, /mode: closed/],
  ["registration test localhost 192.0.2.1 benvolio", 1, /^denied/],
  ["registration set mode=open timeout=infinity", 0, /set/],
  ["registration set mood=open", 2, /mode/],
  ["registration test localhost 192.0.2.1 benvolio", 0, /^allowed/],
  ["registration log", 0, /^$/],
  ["registration set mode=closed", 0, /set/],
  ["registration allow-once benvolio@localhost 192.0.2.1 --minutes 5", 0, /may be registered from 192\.0\.2\.1\/32/],
  ["registration test localhost 192.0.2.1 benvolio", 0, /^allowed: allowed once by/],
  ["registration passes", 0, /^benvolio@localhost from 192\.0\.2\.1\/32/],
  ["registration revoke-pass none", 1, /no pass none/],
  ["registration set mode=approval", 0, /set/],
  ["registration test localhost 192.0.2.2 mercutio", 0, /^allowed: mode: approval/],
  ["registration applications", 0, /^$/],
  ["registration approve mercutio@localhost", 1, /^0 approved\n {2}mercutio@localhost: not-found\n$/],
  ["registration deny mercutio@localhost --reason spam", 1, /^0 denied/],
  ["registration approve mercutio@localhost --text Welcome", 1, /^0 approved/],
  ["registration templates localhost", 0, /^$/],
  ["registration set 'templates=[{name: ad, outcome: deny, text: No.}]'", 0, /set/],
  ["registration set 'templates=[{name: ad, outcome: deny, texts: {de: Nein., zh: 不。}}]'", 0, /set/],
  ["registration templates localhost", 0, /^deny {5}ad \(de\): Nein\.\ndeny {5}ad \(zh\): 不。$/m],
  ["registration deny mercutio@localhost --template ad", 1, /^0 denied/],
  ["registration set 'templates=[{name: spam, outcome: never, texts: {en: No.}}]'", 2, /outcome/],
  ["registration templates nowhere.example", 1, /nowhere\.example/],
  ["decisions romeo@localhost", 0, /^$/],
  ["registration ban 203.0.113.0/24", 0, /^203\.0\.113\.0\/24 is denied/],
  ["registration test localhost 203.0.113.9 mercutio", 1, /^denied \(network\)/],
  ["registration set mode=open", 0, /set/],
  ["policy export", 0, /^hosts:[\s\S]*accessRules:/],
  ["policy revisions", 0, /^\d+\t/],
  ["policy diff /nowhere/policy.yml", 2, /no such file/],
]);

story("files that are not there", [
  ["register mercutio localhost --password-file /nowhere/secret", 2, /^\/nowhere\/secret: .*no such file/],
  ["setup --admin a@b.example --password-file /nowhere/secret", 2, /^\/nowhere\/secret: .*no such file/],
  ["module set ping --options @/nowhere/options.json", 2, /^\/nowhere\/options\.json: .*no such file/],
  ["backup create --passphrase-file /nowhere/secret", 2, /^\/nowhere\/secret: .*no such file/],
  ["component add localhost gate.example --secret-file /nowhere/secret", 2, /^\/nowhere\/secret: .*no such file/],
  ["import users /nowhere/users.csv", 2, /^\/nowhere\/users\.csv: no such file/],
  ["import ejabberd /nowhere/passwd.txt", 2, /^\/nowhere\/passwd\.txt: .*no such file/],
  ["import prosody /nowhere", 2, /^\/nowhere: .*no such file/],
]);

test("a policy goes out to a file and comes back changed", async () => {
  const { stdout } = await np("policy export");
  const file = join(server.data, "policy.yml");
  writeFileSync(file, stdout);
  assert.match((await np(`policy diff ${file}`)).stdout, /^no changes$/m);
  writeFileSync(file, stdout.replace("max_user_sessions:\n    - value: 20", "max_user_sessions:\n    - value: 3"));
  const diff = await np(`policy diff ${file}`);
  assert.equal(diff.code, 0);
  assert.match(diff.stdout, /^- shaperRules\.max_user_sessions.*20[\s\S]*^\+ .*3/m);
  const applied = await np(`policy apply ${file} -m 'three is enough'`);
  assert.equal(applied.code, 0, applied.stderr);
  const revisions = await np("policy revisions");
  const [, before] = Array.from(revisions.stdout.matchAll(/^(\d+)\t.*$/gm), ([, id]) => id);
  assert.match(revisions.stdout, /three is enough/);
  assert.match((await np(`policy rollback ${before}`)).stdout, /is in force/);
  assert.match((await np("policy export")).stdout, /max_user_sessions:\n {4}- value: 20/);
  writeFileSync(file, "hosts: [\n");
  assert.equal((await np(`policy apply ${file}`)).code, 2);
});

test("a draft says for whom it changes, and a test of the policy stops it", async () => {
  const file = join(server.data, "policy.yml");
  const { stdout } = await np("policy export");
  const kept = "tests:\n  - { name: romeo logs in, rule: c2s, jid: romeo@localhost, expected: allow }\n";
  writeFileSync(file, stdout.replace("tests: []\n", kept));
  assert.equal((await np(`policy apply ${file}`)).code, 0);
  assert.match(
    (await np("policy test")).stdout,
    /^pass {2}romeo logs in: c2s allows romeo@localhost, .*\n1 tests, 0 failed$/m,
  );

  writeFileSync(file, (await np("policy export")).stdout.replace("user: tybalt@localhost", "user: romeo@localhost"));
  const diff = await np(`policy diff ${file}`);
  assert.equal(diff.code, 1);
  assert.match(diff.stdout, /^ {2}c2s: 0 gain, 1 lose; online 0 gain, 0 lose\n {4}- romeo@localhost$/m);
  assert.match(diff.stdout, /^error: tests\[0\]: The test romeo logs in fails/m);
  assert.equal((await np(`policy test ${file}`)).code, 1);
  const refused = await np(`policy apply ${file}`);
  assert.equal(refused.code, 1, refused.stdout);
  assert.match(refused.stderr, /romeo logs in/);
  const forced = await np(`policy apply ${file} --force`);
  assert.match(forced.stdout, /^warning: tests\[0\]/m);

  writeFileSync(file, stdout);
  assert.equal((await np(`policy apply ${file}`)).code, 0);
  assert.match((await np("policy test")).stdout, /^0 tests, 0 failed$/m);
});

story("invites", [
  ["registration set mode=closed", 0, /set/],
  ["invite create localhost", 1, /registration mode to invite/],
  ["registration set mode=invite", 0, /set/],
  [
    "invite create localhost --user juliet --expire 3600 --note 'for the ball'",
    0,
    /invite\/[0-9a-f]{32}\nxmpp:juliet@localhost\?/,
  ],
  ["invite create localhost --user juliet", 1, /keeps the name/],
  ["invite create localhost --uses 0", 2, /whole number/],
  ["invite contact romeo@localhost --uses 3", 0, /xmpp:romeo@localhost\?roster;preauth=[0-9a-f]{32};ibr=y/],
  ["invite contact nobody@localhost", 1, /nobody@localhost/],
  ["generate_invite localhost", 0, /xmpp:localhost\?register;preauth=/],
  ["generate_invite_with_username mercutio localhost", 0, /xmpp:mercutio@localhost/],
  ["generate_reset_token romeo localhost", 0, /reset\/[0-9a-f]{32}/],
  ["generate_reset_token nobody localhost", 1, /nobody@localhost/],
  ["list_invites localhost", 0, /reset open romeo@localhost[^]*account open juliet@localhost.*for the ball/],
  ["invite funnel localhost", 0, /^\d+ made, 0 opened, 0 accounts made, 0 of them logged in to\n$/],
  ["invite revoke nothing", 1, /nothing/],
  ["group create localhost ball", 0, /ball/],
  ["invite create localhost --role pope", 1, /no role pope/],
  ["invite create localhost --role owner", 1, /not given by invites/],
  ["invite create localhost --role-host localhost", 2, /--role/],
  ["invite create localhost --role operator --expire 864000", 1, /expireSeconds/],
  [
    "invite create localhost --role host-admin --role-host localhost --groups ball --tags vip new --note gifts",
    0,
    /xmpp:localhost\?register;preauth=/,
  ],
  ["invite list localhost", 0, /role host-admin on localhost, groups ball, tags vip new, used 0 of 1.*\(gifts\)/],
  ["registration set mode=open", 0, /set/],
]);

test("an invite is revoked, and its list says so", async () => {
  const [invite] = (await json("invite list localhost")) as { id: string }[];
  const id = invite?.id ?? "";
  assert.equal((await np(`invite revoke ${id}`)).code, 0);
  assert.match((await np("invite list localhost --all")).stdout, new RegExp(`^${id} \\S+ revoked`, "m"));
  assert.doesNotMatch((await np("invite list localhost")).stdout, new RegExp(id));
  assert.match((await np(`invite show ${id}`)).stdout, /revoked/);
  assert.equal((await np(`invite revoke ${id}`)).code, 1);
});

story("forward", [
  ["forward target add web --url ftp://example.org/", 2, /url/],
  [
    "forward target add web --url URL --allow-private --header 'X-Token: secret'",
    0,
    /Target web set[\s\S]*Rule web added[\s\S]*shown only this once: whsec_\S{44}\n/,
  ],
  ["forward target rotate-secret web", 0, /whsec_\S{44}\nThe one before signs as well until 20/],
  ["forward target rotate-secret web --overlap 0", 0, /^Signing secret, shown only this once: whsec_\S{44}\n$/],
  ["forward target rotate-secret wob", 1, /wob/],
  [
    "forward target add form --url URL --allow-private --preset mod_interact --access-token t --confidential --bearer abc",
    0,
    /form set/,
  ],
  ["forward target add form --url URL --basic nopassword", 2, /--basic: expected/],
  ["forward target add form --url URL --bearer abc --basic a:b", 2, /more than one Authorization/],
  ["forward target add form --url URL --preset mod_post", 2, /preset/],
  ["forward target remove form", 0, /removed/],
  ["forward target list", 0, /^web\twebhook\thttp:\/\/127\.0\.0\.1:.*classic\tclosed/m],
  ["forward target test web", 0, /HTTP 200/],
  ["forward target test web --signature tampered", 0, /HTTP 200/],
  ["forward target test web --signature odd", 2, /--signature: one of valid, none, tampered, old/],
  ["forward target test web --event nothing", 1, /There is no event nothing/],
  ["forward target test wob", 1, /wob/],
  ["forward target pause web", 0, /paused/],
  ["forward target drain web", 0, /drains/],
  ["forward target list", 0, /paused\tbacklog/],
  ["forward target resume web", 0, /resumed/],
  ["forward target list", 0, /closed\tbacklog/],
  ["forward missing web --since 2026-11-22T08:00 --dry-run", 0, /^web has no event for 0 messages/],
  ["forward missing web --since 2026-11-22T08:00", 0, /missing done {4}0\/0/],
  ["forward missing wob --since 2026-11-22T08:00", 1, /wob/],
  ["forward missing web --since yesterday", 2, /--since: not a time/],
  ["forward target add browsers --kind webpush --contact mailto:me@nightpost.org", 0, /whatever somebody can be told/],
  ["forward target list", 0, /^browsers\twebpush\tmailto:me@nightpost\.org\t.*devices 0$/m],
  ["forward target remove browsers", 0, /removed/],
  ["forward target add ios --kind apns --topic a.b --key-file /nowhere", 2, /nowhere/],
  ["forward target add ios --kind apns --url URL", 2, /Unrecognized key: "url"/],
  ["forward target add web --kind xep0357 --key-file /nowhere", 2, /has no key/],
  ["forward target add web --kind pigeon", 2, /kind/],
  ["forward list", 0, /^$/],
  ["forward list --state lost", 2, /--state: one of/],
  ["forward show nothing", 1, /nothing/],
  ["forward related nothing", 1, /nothing/],
  ["forward related evt_018d5f0c0de07abc8000000000000000", 1, /is of 2024-01-31 and not kept any more/],
  ["forward replay", 2, /--all/],
  ["forward replay --since yesterday", 2, /--since: not a time/],
  ["forward replay --target web --dry-run", 0, /^0 dead events match/],
  ["forward replay --class call --dry-run", 0, /^0 dead events match/],
  ["forward replay --class calls --dry-run", 2, /class/],
  ["forward replay --reason 'HTTP 500' --device nothing", 0, /done {4}0\/0/],
  ["forward replay --all --to web --dry-run", 0, /^0 dead events match/],
  ["forward replay --all --to wob", 1, /There is no target wob/],
  ["forward replay --all", 0, /done {4}0\/0  control socket/],
  ["forward replays", 0, /done {4}0\/0/],
  ["forward stop-replay nothing", 1, /nothing/],
]);

const said = (to: string, body = "<body>how now</body>"): string =>
  `<message type='chat' from='romeo@localhost/x' to='${to}'>${body}</message>`;

story("forward rules", [
  ["forward target add ruled --url URL --allow-private", 0, /^Rule ruled added/m],
  ["forward rules", 0, /\truled\tchat\t-> ruled$/m],
  ["forward rules --count", 0, /^ruled\t\d+ of \d+$/m],
  [
    "forward rule set urgent --target ruled --class chat normal --expression 'message.body.contains(\"now\")' --last",
    0,
    /last$/m,
  ],
  ["forward rule set urgent --sender *@localhost --delay 5", 0, /from \*@localhost; if message.*\tafter 5 s\tlast$/m],
  ["forward rule set urgent --expression message.size", 1, /Line 1, column 1: It is of the type int/],
  ["forward rule set urgent --encrypted sometimes", 2, /encrypted/],
  ["forward rule set urgent --target nowhere", 1, /There is no forward target nowhere/],
  ["forward rule move urgent 0", 2, /expected a place/],
  ["forward rule move nothing 1", 1, /There is no rule nothing/],
  ["forward rule move urgent 1", 0, /^1\turgent/],
  ["forward simulate --host localhost", 2, /--stanza or --event/],
  [
    "forward simulate --host localhost --stanza -",
    0,
    /rule {7}urgent: yes.*\n.*urgent matched and is the last/,
    said("romeo@localhost"),
  ],
  [
    "forward simulate --host localhost --stanza -",
    1,
    /nothing but a chat state/,
    said("romeo@localhost", "<active xmlns='http://jabber.org/protocol/chatstates'/>"),
  ],
  ["forward simulate --host localhost --stanza -", 1, /stanza: cannot be read/, "<message"],
  ["forward simulate --host localhost --stanza /nowhere", 2, /nowhere/],
  ["forward preview ruled", 0, /^application\/x-www-form-urlencoded, \d+ bytes\nfrom=romeo/],
  ["forward preview ruled --stanza -", 0, /body=how\+now$/m, said("juliet@localhost")],
  ["forward preview nothing", 1, /There is no target nothing/],
  ["forward rule set urgent --disable", 0, /\toff$/m],
  ["forward rule remove urgent", 0, /revision \d+ is in force/],
  ["forward rule remove urgent", 1, /There is no rule urgent/],
  ["forward target remove ruled", 0, /removed/],
]);

test("an offline message, from the client to the forward log", async () => {
  await server.register("benvolio", "pencil");
  const romeo = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  await romeo.login("romeo", "brush", { resource: "garden" });
  assert.deepEqual(await json("connected_users"), ["romeo@localhost/garden"]);
  romeo.send("<message to='benvolio@localhost' type='chat'><body>Good morrow, cousin.</body></message>");
  await romeo.ping();
  await sink.until(() => sink.requests.some(({ body }) => body.includes("cousin")));
  let events: { id: string; state: string }[] = [];
  // The web server has its answer out before the outcome is written.
  for (let tries = 0; tries < 20 && events[0]?.state !== "delivered"; tries += 1)
    events = (await json("forward list --user benvolio@localhost")) as typeof events;
  assert.equal(events[0]?.state, "delivered");
  const shown = await np(`forward show ${events[0].id}`);
  assert.equal(shown.code, 0);
  assert.match(shown.stdout, /attempt 1 .* HTTP 200 [\s\S]*POST http:\/\/127\.0\.0\.1/);
  assert.match((await np(`forward related ${events[0].id}`)).stdout, /^message \S+, waits, archived\n$/);
  const again = await np(`forward target test web --event ${events[0].id}`);
  assert.match(again.stdout, /HTTP 200/);
  assert.match(sink.requests.at(-1)!.body, /cousin/);
  assert.equal((await np(`forward cancel ${events[0].id}`)).code, 1);
  assert.equal((await np("forward target pause web")).code, 0);
  romeo.send("<message to='benvolio@localhost' type='chat'><body>Farewell, my coz.</body></message>");
  await romeo.ping();
  assert.match((await np("kick_user romeo localhost 'enough'")).stdout, /^1 session ended\n$/);
  await np(`forward target add heir --url ${sink.url} --allow-private`);
  assert.equal((await np("forward target remove web --to web")).code, 1);
  assert.equal((await np("forward target remove web --to heir --cancel-pending")).code, 1);
  const removed = await np("forward target remove web --to heir");
  assert.match(removed.stdout, /^Target web removed, 1 waiting events on their way to heir\n$/);
  await sink.until(() => sink.requests.some(({ body }) => body.includes("coz")));
  assert.match((await np("forward replays")).stdout, /^\S+ {2}dead {4}\w+ +[01]\/1 {2}to heir {2}/);
  assert.equal((await np("forward target remove heir")).code, 0);
});

test("import users: creates, leaves alone, updates, and says which lines it could not use", async () => {
  const file = join(server.data, "users.csv");
  writeFileSync(
    file,
    'user,host,password\ngregory,localhost,"a,""b"\nsampson,localhost,pencil\nabram,nowhere.example,x\nhalf\n',
  );
  const first = await np(`import users ${file}`);
  assert.equal(first.code, 1);
  assert.match(first.stdout, /^2 created, 0 updated, 0 left alone, 2 failed/);
  assert.match(first.stdout, /line 4: abram@nowhere\.example/);
  assert.match(first.stdout, /line 5: /);
  assert.equal((await np("check_password gregory localhost 'a,\"b'")).code, 0);
  writeFileSync(file, "gregory,localhost,quill\n");
  assert.deepEqual(await json(`import users ${file}`), { created: 0, updated: 0, skipped: 1, failed: [] });
  assert.deepEqual(await json(`import users ${file} --update`), { created: 0, updated: 1, skipped: 0, failed: [] });
  assert.equal((await np("check_password gregory localhost quill")).code, 0);
  assert.equal((await np("import users /nowhere.csv")).code, 2);
});

test("import openfire: accounts of the domain that most contacts have, or that is given", async () => {
  const file = join(server.data, "openfire.xml");
  const item = '<Item jid="nurse@old.example" askstatus="-1" recvstatus="-1" substatus="3" name="N"/>';
  writeFileSync(
    file,
    `<Openfire><User><Username>angelica</Username><Password>pencil</Password><Roster>${item}</Roster></User></Openfire>`,
  );
  const missing = await np(`import openfire ${file} --dry-run`);
  assert.match(missing.stdout, /angelica@old\.example: the host is not served here/);
  assert.equal(missing.code, 1);
  assert.match((await np(`import openfire ${file} --host old.example=localhost`)).stdout, /^1 created/);
  assert.equal((await np("check_password angelica localhost pencil")).code, 0);
  assert.match((await np(`import openfire ${file} --domain localhost`)).stdout, /^0 created, 0 updated, 1 left alone/);
  writeFileSync(file, "<Openfire><User>");
  const cut = await np(`import openfire ${file}`);
  assert.equal(cut.code, 2);
  assert.match(cut.stderr, /it ends in the middle/);
});

test("import csv: columns as they are said to be, a dry run first, and lines that make no account told", async () => {
  const file = join(server.data, "guests.csv");
  writeFileSync(file, "Name;Room;JID;Pass\nPeter;7;peter@localhost;pencil\nPotpan;8;potpan@localhost\n");
  const how = `import csv ${file} --separator ';' --header --columns name,-,address,password`;
  const tried = await np(`${how} --dry-run`);
  assert.match(tried.stderr, /line 3: expected 4 fields/);
  assert.equal((await np("check_account peter localhost")).code, 1);
  assert.equal((await np(how)).code, 0);
  assert.equal((await np("check_password peter localhost pencil")).code, 0);
  assert.equal((await np(`import csv ${file} --columns name,name`)).code, 2);
  assert.equal((await np(`import csv ${file} --columns shoe`)).code, 2);
  assert.equal((await np("import csv /nowhere.csv")).code, 2);
});

story("usage", [
  ["--help", 0, /Usage: nightpost/],
  ["--version", 0, /^\d+\.\d+\.\d+\n$/],
  ["help register", 0, /Usage: nightpost register/],
  ["regster", 2, /Did you mean register\?/],
  ["register --colour", 2, /unknown option '--colour'/],
  ["status --server http://127.0.0.1:64999", 2, /--key/],
  ["registered_vhosts --server http://127.0.0.1:64999 --key np_x", 3, /No server answers/],
  ["registered_vhosts --data /nowhere", 3, /No server answers at \/nowhere.*nightpost start/],
]);

test("over HTTP with an API key; with a wrong one, exit code 4", async () => {
  const url = `http://127.0.0.1:${server.httpPort}`;
  const { key } = await server.api.keys.create({ name: "cli", permissions: ["users:read"] });
  const { NIGHTPOST_DATA: _, ...elsewhere } = environment("");
  const env = { ...elsewhere, NIGHTPOST_KEY: key };
  assert.equal((await nightpost(env, ["check_account", "romeo", "localhost", "--server", url])).code, 0);
  const denied = await nightpost(env, ["register", "x", "localhost", "pencil", "--server", url]);
  assert.equal(denied.code, 4);
  assert.match(denied.stderr, /users:write/);
  assert.equal(
    (await nightpost({ ...env, NIGHTPOST_KEY: "np_wrong" }, ["registered_vhosts", "--server", url])).code,
    4,
  );
});

test("setup makes the first host and admin, whether a server runs or not", async () => {
  const data = join(server.data, "fresh");
  const { NIGHTPOST_HOSTS: _, ...env } = environment(data);
  const args = ["setup", "--admin", "harttle@bix.org", "--password-file", "-"];
  const done = await nightpost(env, args, "pencil and paper\n");
  assert.equal(done.code, 0, done.stderr);
  assert.match(done.stdout, /harttle@bix\.org administers bix\.org/);
  assert.equal((await nightpost(env, ["start"])).code, 0);
  const again = await nightpost(env, args, "pencil and paper\n");
  const access = await nightpost(env, ["access", "test", "configure", "harttle@bix.org"]);
  await nightpost(env, ["stop"]);
  assert.equal(again.code, 1);
  assert.equal(access.code, 0);
});

const hall = "hall@conference.localhost";
story("rooms", [
  ["register owner localhost 'a long password'", 0, /owner@localhost/],
  [
    `room create ${hall} owner@localhost --set name=Hall --set isModerated=true`,
    0,
    /^Room hall@conference.localhost created\n$/,
  ],
  [`room create ${hall} owner@localhost`, 1, /already/],
  [`room create hall owner@localhost`, 1, /not the address of a room/],
  [`room create ${hall} owner@localhost --set size=3`, 2, /size/],
  [
    "room list --search hall",
    0,
    /^hall@conference.localhost "Hall" 0 occupants, 1 affiliated, persistent public moderated/,
  ],
  ["room list --unused 1", 0, /^$/],
  [
    `send-stanza localhost '<iq type="get" id="1" to="localhost"><ping xmlns="urn:xmpp:ping"/></iq>'`,
    0,
    /type='result'/,
  ],
  ["send-stanza localhost <message/>", 1, /xml: has no `to` that is an address/],
  ["send-stanza nobody@localhost '<message to=\"localhost\"/>'", 1, /There is no account nobody@localhost/],
  [`room set ${hall} --set 'presenceOf=["moderator"]' --set password=sesame`, 0, /configured/],
  [`room show ${hall}`, 0, /password: yes[^]*presenceOf: \["moderator"\]/],
  [`room affiliate ${hall} guest@x.example member`, 0, /^1 changed, 0 failed\n$/],
  [`room affiliate ${hall} owner@localhost none`, 1, /0 changed, 1 failed\n {2}owner@localhost: a room needs an owner/],
  [`room affiliate ${hall} guest@x.example boss`, 1, /boss is none of/],
  [
    `room import-affiliations ${hall} -`,
    0,
    /^2 changed, 0 failed\n$/,
    "jid,affiliation\na@x.example,admin,Al\nb@x.example,outcast,,noise\n",
  ],
  [
    `room affiliations ${hall}`,
    0,
    /a@x.example admin Al\nb@x.example outcast {2}noise\nguest@x.example member\nowner@localhost owner\n/,
  ],
  ["get_room_affiliations hall conference.localhost", 0, /owner@localhost owner/],
  ["set_room_affiliation hall conference.localhost a@x.example none", 0, /1 changed/],
  [`room occupants ${hall}`, 0, /^$/],
  [`room role ${hall} Nobody none`, 1, /nobody called Nobody/],
  [`room role ${hall} Nobody king`, 2, /king is none of/],
  [`room history ${hall}`, 0, /^$/],
  ["room destroy-matching", 2, /Give a filter/],
  ["room destroy-matching --empty --dry-run", 0, /^1 rooms match\n {2}hall@/],
  ["room destroy-matching --empty", 0, /^done: 1 of 1 rooms destroyed  \S+\n$/],
  [`room destroy ${hall}`, 1, /no room/],
]);

story("uploads", [
  ["upload list", 0, /^$/],
  ["upload usage", 0, /^localhost 0 of \d+ bytes, 0 files\n$/],
  ["upload list --state lost", 2, /state/],
  ["upload remove nothing", 1, /no file nothing/],
  ["upload remove-all owner@localhost", 0, /^0 files of owner@localhost deleted, 0 bytes\n$/],
  ["upload purge", 0, /^0 deleted\n$/],
]);

story("components", [
  ["component add localhost irc.localhost --name IRC", 0, /^Secret: [\w-]{32}\n$/],
  ["component add localhost bot.localhost --secret-file -", 0, /declared/, "known to the bot already\n"],
  ["component add localhost irc.localhost", 1, /taken/],
  [
    "component list",
    0,
    /component.port[^]*bot.localhost of localhost, not connected\nirc.localhost "IRC" of localhost, not connected\n$/,
  ],
  [
    "component grant irc.localhost --roster both --presence roster --iq urn:a=get urn:b --delegate urn:c,node urn:d",
    0,
    /^Rights of irc\.localhost set\n$/,
  ],
  ["component list", 0, /irc\.localhost "IRC" of localhost, not connected, with 6 rights\n$/],
  ["component grant irc.localhost --roster all", 2, /none, get, set, both/],
  ["component grant irc.localhost --presence roster", 2, /contact lists/],
  ["component grant irc.localhost --iq urn:a=all", 2, /urn:a/],
  ["component grant nobody.localhost", 1, /no component/],
  ["component rotate-secret irc.localhost", 0, /^Secret: /],
  ["component disconnect irc.localhost", 1, /not connected/],
  ["component remove irc.localhost", 0, /removed/],
  ["component remove irc.localhost", 1, /no component/],
]);
