import type { Remedy } from "../../format/remedy.ts";
import type { WebhookRemedy } from "../../format/webhook-remedy.ts";
import type { Shape } from "../shape.ts";

const texts: Record<Remedy, string> = {
  appleKey:
    "compare the target's key ID and team ID with Apple's developer site. If the key was revoked there, make a new one and give the target its file (.p8).",
  appServer:
    "the app's own server does not take these pushes. Whoever runs it has to look; an update of the app may help too.",
  bundleId: "set the target's bundle ID to that of the app on this device. For another app, add a target of its own.",
  clock: "set this machine's clock (NTP): Apple takes nothing that is dated an hour off.",
  enableAgain:
    "have the user open the app and log in: it enables pushes anew. If it is refused again, switch notifications off and on in the app.",
  federation:
    "see that this server reaches the app's server: its name in the DNS, the network, and whether it is blocked under Federation.",
  fewer: "nothing at once: it is tried again later. If it goes on, let the rules push less for this user.",
  firebaseKeys:
    "give the Firebase project the app's APNs key or Web Push certificate: Project settings, Cloud Messaging.",
  keyEnvironment:
    "use a key that is valid for this environment, or change the target's environment: sandbox for apps run from Xcode, otherwise production.",
  network:
    "see that this machine reaches the provider: DNS, the firewall's outgoing port 443, and the target's “Another server”.",
  otherKey: "have the user allow notifications anew: the browser then subscribes with the target's present VAPID key.",
  project: "give the target a service account of the Firebase project that the app was built with.",
  registerAgain:
    "have the user open the app, installed anew if it is gone, and allow notifications: it registers its present token by itself.",
  relay: "look at what stands between: a relay under “Another server”, or a proxy that changes requests.",
  request:
    "no setting of the device helps: the provider does not take what was sent. See the attempt's request and answer.",
  serviceAccount:
    "in Google Cloud, see that the service account and its key exist, that it may send (Firebase Cloud Messaging API Admin), and that the FCM API is on; if not, give the target a new key.",
  sharedKey: "use this key on one server only: make another key for the others at Apple's developer site.",
  subscribeAgain: "have the user open the web app and allow notifications: the browser then subscribes anew.",
  team: "use a key of the team that the app belongs to, one that is not limited to other apps.",
  tellLess: "have the target tell less: the sender only, or a shorter preview.",
  vapid: "see that the target's contact is a real address and this machine's clock is right, then send a test push.",
  wait: "nothing: the provider has a bad moment, and it is tried again by itself.",
  wrongEnvironment:
    "set the target's environment to that of the app's build, sandbox for one run from Xcode, otherwise production; then have the user open the app, so that it registers anew.",
};

const webhook: Record<WebhookRemedy, string> = {
  authority:
    "have the web server show a certificate of a public authority, or have Node trust your own: name its file in NODE_EXTRA_CA_CERTS and start the server anew.",
  certificateName: "write the URL with a name that the certificate has, or order one for this name.",
  chain: "have the web server send the whole chain, with the certificates between its own and the authority's.",
  closes:
    "look at the web server's log at this time, and at what stands before it: a proxy or a limit ends connections.",
  credentials:
    "give the target the token, password or header that the web server asks for; if it checks the signature, give it the target's secret.",
  gone: "if the address is right, see why the web server says so, then resume the target: it is held until then.",
  large: "allow larger bodies on the web server, or have the target tell less.",
  listen: "start the web server, or mend the port in the URL. A firewall may refuse connections, too.",
  name: "mend the host name in the URL, or add it to the DNS.",
  noHttp: "mend the port in the URL: something else than a web server listens there.",
  noTls: "write http: in the URL, or the port on which the web server speaks TLS.",
  path: "mend the path in the URL: the web server has nothing there that takes a POST.",
  payload: "choose the payload that the web server reads; the request below shows what it got.",
  private: "if this is your own web server, switch on “May be a private address” for the target.",
  rate: "nothing at once: it is tried again later. If it goes on, lower the target's requests per second or at once.",
  reach: "see that this machine reaches the web server's: the network, routes, and firewalls on both sides.",
  redirect: "give the target the address that the answer leads to: redirects are not followed.",
  renew: "renew the web server's certificate. If it is valid, set this machine's clock.",
  resolver: "look at this machine's name servers (/etc/resolv.conf).",
  serverLog: "look at the web server's log at this time; it is tried again by itself.",
  slow: "have the web server answer first and work afterwards, or give the target more time.",
  wait: "nothing: it is tried again by itself.",
};

/** How an attempt that failed is mended, for every page that tells of one. */
export const en = { title: "To mend it:", texts, webhook };

export const zh: Shape<typeof en> = {
  title: "解决办法：",
  texts: {
    appleKey:
      "将目标的密钥 ID 和团队 ID 与 Apple 开发者网站核对。如果密钥已被吊销，请新建一个并把其文件（.p8）交给目标。",
    appServer: "应用自己的服务器不接受这些推送，需由其运营者检查；更新应用也可能有用。",
    bundleId: "将目标的 Bundle ID 改为此设备上应用的 Bundle ID。若是另一个应用，请为它单独添加目标。",
    clock: "校准本机时钟（NTP）：时间相差一小时，Apple 就不会接受。",
    enableAgain: "请用户打开应用并登录，应用会重新启用推送。如果仍被拒绝，请在应用中关闭再打开通知。",
    federation: "检查本服务器能否连到应用的服务器：DNS 中的名称、网络连接，以及是否在“联邦”页面中被阻止。",
    fewer: "暂时无需处理，稍后会重试。如果持续出现，请让规则少向此用户推送。",
    firebaseKeys: "在 Firebase 项目中填入应用的 APNs 密钥或 Web Push 证书：项目设置、Cloud Messaging。",
    keyEnvironment: "使用对该环境有效的密钥，或更改目标的环境：从 Xcode 运行的应用用沙盒，其他用生产。",
    network: "检查本机能否连到提供方：DNS、防火墙的 443 出站端口，以及目标的“其他服务器”。",
    otherKey: "请用户重新允许通知：浏览器会用目标当前的 VAPID 密钥重新订阅。",
    project: "为目标换上构建该应用所用 Firebase 项目的服务账号。",
    registerAgain: "请用户打开应用（已卸载则重新安装）并允许通知：应用会自行登记当前的令牌。",
    relay: "检查中间环节：“其他服务器”中的中继，或会改动请求的代理。",
    request: "设备的设置无济于事：提供方不接受所发送的内容。请查看该次尝试的请求和响应。",
    serviceAccount:
      "在 Google Cloud 中检查服务账号及其密钥是否存在、是否有发送权限（FCM API 管理员角色）、FCM API 是否已启用；否则为目标换上新密钥。",
    sharedKey: "此密钥只应在一台服务器上使用：请在 Apple 开发者网站为其他服务器另建密钥。",
    subscribeAgain: "请用户打开网页应用并允许通知：浏览器会重新订阅。",
    team: "使用该应用所属团队的密钥，且密钥不能仅限于其他应用。",
    tellLess: "让目标少告知一些：仅发件人，或更短的预览。",
    vapid: "检查目标的联系方式是否真实、本机时钟是否准确，然后发送测试推送。",
    wait: "无需处理：提供方暂时有问题，会自动重试。",
    wrongEnvironment:
      "将目标的环境设为应用构建所用的环境：从 Xcode 运行的用沙盒，其他用生产；然后请用户打开应用，使其重新登记。",
  },
  webhook: {
    authority:
      "让网站服务器使用公共机构签发的证书，或让 Node 信任您自己的机构：在 NODE_EXTRA_CA_CERTS 中指定其文件并重启服务器。",
    certificateName: "在 URL 中使用证书包含的名称，或为此名称申请证书。",
    chain: "让网站服务器发送完整的证书链，包括其证书与签发机构之间的中间证书。",
    closes: "查看此时网站服务器的日志，以及它前面的环节：可能是代理或某个限制断开了连接。",
    credentials: "在目标中填写网站服务器要求的令牌、密码或标头；如果它校验签名，请把目标的密钥交给它。",
    gone: "如果地址正确，请查明网站服务器为何这样回答，然后恢复目标：在此之前目标会暂停。",
    large: "让网站服务器接受更大的请求正文，或让目标少告知一些。",
    listen: "启动网站服务器，或修正 URL 中的端口。防火墙也可能拒绝连接。",
    name: "修正 URL 中的主机名，或在 DNS 中添加它。",
    noHttp: "修正 URL 中的端口：在那里监听的不是网站服务器。",
    noTls: "在 URL 中使用 http:，或改用网站服务器提供 TLS 的端口。",
    path: "修正 URL 中的路径：网站服务器在该处没有接受 POST 的内容。",
    payload: "选择网站服务器能读取的负载格式；下方的请求显示了它收到的内容。",
    private: "如果这是您自己的网站服务器，请为目标打开“允许私有地址”。",
    rate: "暂时无需处理，稍后会重试。如果持续出现，请降低目标的每秒请求数或并发数。",
    reach: "检查本机能否连到网站服务器所在的机器：网络、路由以及两侧的防火墙。",
    redirect: "在目标中填写响应所指向的地址：不会跟随重定向。",
    renew: "更新网站服务器的证书。如果证书有效，请校准本机时钟。",
    resolver: "检查本机的域名服务器（/etc/resolv.conf）。",
    serverLog: "查看此时网站服务器的日志；会自动重试。",
    slow: "让网站服务器先响应再处理，或给目标更长的时限。",
    wait: "无需处理，会自动重试。",
  },
};
