import { html, type Html } from "./html.ts";

interface ClientApp {
  readonly name: string;
  readonly url: string;
  readonly systems: readonly System[];
}
type System = "Android" | "iOS" | "macOS" | "Windows" | "Linux";

/** Apps that redeem invitations, each under active development; xmpp.org has the whole list. */
const apps: readonly ClientApp[] = [
  { name: "Conversations", url: "https://conversations.im/", systems: ["Android"] },
  { name: "Cheogram", url: "https://cheogram.com/", systems: ["Android"] },
  { name: "Monal", url: "https://monal-im.org/", systems: ["iOS", "macOS"] },
  { name: "Siskin", url: "https://siskin.im/", systems: ["iOS"] },
  { name: "Dino", url: "https://dino.im/", systems: ["Linux", "Windows"] },
  { name: "Gajim", url: "https://gajim.org/", systems: ["Linux", "Windows", "macOS"] },
];

function systemOf(userAgent: string): System | null {
  if (/android/i.test(userAgent)) return "Android";
  if (/iphone|ipad|ipod/i.test(userAgent)) return "iOS";
  if (/macintosh|mac os x/i.test(userAgent)) return "macOS";
  if (/windows/i.test(userAgent)) return "Windows";
  return /linux|x11/i.test(userAgent) ? "Linux" : null;
}

/** Links to apps for the system that the browser runs on (XEP-0401 3.3), to all of them where that is not known. */
export function clientList(userAgent: string | undefined): Html {
  const system = systemOf(userAgent ?? "");
  const fitting = apps.filter(({ systems }) => system === null || systems.includes(system));
  const items = fitting.map(
    ({ name, url, systems }) => html`<li><a href="${url}" rel="noreferrer">${name}</a> (${systems.join(", ")})</li> `,
  );
  return html`<ul>
    ${items}
    <li><a href="https://xmpp.org/software/" rel="noreferrer">xmpp.org/software</a></li>
  </ul>`;
}
