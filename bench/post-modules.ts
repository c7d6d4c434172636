// What POSTs offline messages from the other servers, in the classic style: a form for each message, no queue, no retry.

/** `mod_bench_post` for ejabberd; `url` is its option. The hook waits for the web server's answer. */
export const erlangPost = `-module(mod_bench_post).
-export([start/2, stop/1, reload/3, depends/2, mod_opt_type/1, mod_options/1, mod_doc/0, post/1]).
start(Host, _) -> {ok, _} = application:ensure_all_started(inets), ejabberd_hooks:add(offline_message_hook, Host, ?MODULE, post, 10), ok.
stop(Host) -> ejabberd_hooks:delete(offline_message_hook, Host, ?MODULE, post, 10), ok.
reload(_, _, _) -> ok.
depends(_, _) -> [].
mod_opt_type(url) -> econf:string().
mod_options(_) -> [{url, ""}].
mod_doc() -> #{}.
post({_, Packet} = State) ->
  {From, To} = {xmpp:get_from(Packet), xmpp:get_to(Packet)},
  case fxml:get_subtag_cdata(xmpp:encode(Packet), <<"body">>) of
    <<>> -> State;
    Body ->
      Form = uri_string:compose_query([{<<"from">>, jid:encode(From)}, {<<"to">>, jid:encode(To)}, {<<"body">>, Body}]),
      [_, Host] = binary:split(jid:encode(jid:remove_resource(To)), <<"@">>),
      Url = gen_mod:get_module_opt(Host, ?MODULE, url),
      httpc:request(post, {Url, [], "application/x-www-form-urlencoded", Form}, [], []),
      State
  end;
post(State) -> State.
`;

/** `mod_bench_post` for Prosody; `bench_post_url` is its option. Nobody waits for the web server. */
export const luaPost = `local http = require "net.http";
local formencode = require "util.http".formencode;
local url = module:get_option_string("bench_post_url");
module:hook("message/offline/handle", function (event)
  local stanza = event.stanza;
  local body = stanza:get_child_text("body");
  if not body then return; end
  http.request(url, {
    headers = { ["Content-Type"] = "application/x-www-form-urlencoded" };
    body = formencode({
      { name = "from", value = stanza.attr.from }, { name = "to", value = stanza.attr.to }, { name = "body", value = body },
    });
  }, function () end);
end, 10);
`;
