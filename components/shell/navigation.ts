import {
  UsersRound,
  Megaphone,
  Flag,
  ChartLine,
  DatabaseBackup,
  FileKey,
  Import,
  Stethoscope,
  Gauge,
  Globe,
  History,
  Inbox,
  ListTree,
  type LucideIcon,
  Logs,
  MailX,
  MessagesSquare,
  MonitorSmartphone,
  Paperclip,
  Plug,
  Puzzle,
  Radio,
  Route,
  ScrollText,
  Settings,
  ShieldCheck,
  Smartphone,
  Target,
  Ticket,
  UserPlus,
  Users,
  Waypoints,
} from "lucide-react";

export interface NavigationItem {
  page:
    | "overview"
    | "users"
    | "hosts"
    | "sessions"
    | "invites"
    | "groups"
    | "announcements"
    | "reports"
    | "rooms"
    | "uploads"
    | "components"
    | "links"
    | "registration"
    | "access"
    | "offline"
    | "forward"
    | "deadLetters"
    | "targets"
    | "rules"
    | "devices"
    | "trace"
    | "modules"
    | "stanzas"
    | "log"
    | "certificates"
    | "metrics"
    | "doctor"
    | "backups"
    | "imports"
    | "audit"
    | "settings";
  href: string;
  icon: LucideIcon;
  /** Where the manual speaks of it: a document in docs/, and a heading of it. */
  manual: string;
  /** Second key after `g`. */
  key?: string;
  /** How the names of its drafts begin. */
  drafts?: string;
}

export interface NavigationGroup {
  name: "people" | "policy" | "delivery" | "server" | "admin" | null;
  items: NavigationItem[];
}

export const navigation: NavigationGroup[] = [
  { name: null, items: [{ page: "overview", href: "/", icon: Gauge, manual: "index", key: "o" }] },
  {
    name: "people",
    items: [
      { page: "users", href: "/users", icon: Users, manual: "accounts", key: "u" },
      { page: "hosts", href: "/hosts", icon: Globe, manual: "configuration", key: "h" },
      { page: "sessions", href: "/sessions", icon: MonitorSmartphone, manual: "logins#who-has-access", key: "s" },
      { page: "invites", href: "/invites", icon: Ticket, manual: "accounts#invites", key: "i" },
      {
        page: "rooms",
        href: "/rooms",
        icon: MessagesSquare,
        manual: "rooms#operating-them",
        key: "e",
        drafts: "room ",
      },
      { page: "uploads", href: "/uploads", icon: Paperclip, manual: "uploads#operating-it" },
      { page: "groups", href: "/groups", icon: UsersRound, manual: "service-administration#shared-groups" },
      {
        page: "announcements",
        href: "/announcements",
        icon: Megaphone,
        manual: "service-administration#announcements",
      },
      { page: "reports", href: "/reports", icon: Flag, manual: "service-administration#reports" },
    ],
  },
  {
    name: "policy",
    items: [
      {
        page: "registration",
        href: "/registration",
        icon: UserPlus,
        manual: "accounts#registration-modes",
        key: "r",
        drafts: "registration ",
      },
      { page: "access", href: "/access", icon: ShieldCheck, manual: "access-rules", key: "a", drafts: "policy" },
    ],
  },
  {
    name: "delivery",
    items: [
      { page: "offline", href: "/offline", icon: Inbox, manual: "observing#offline-queues", key: "q" },
      { page: "forward", href: "/forward", icon: ScrollText, manual: "forwarding#the-live-log", key: "f" },
      { page: "deadLetters", href: "/forward/dead", icon: MailX, manual: "forwarding#replay", key: "d" },
      {
        page: "targets",
        href: "/forward/targets",
        icon: Target,
        manual: "forwarding#what-arrives",
        key: "t",
        drafts: "target ",
      },
      { page: "rules", href: "/forward/rules", icon: ListTree, manual: "rules", key: "l", drafts: "forward-rules" },
      { page: "devices", href: "/devices", icon: Smartphone, manual: "push#devices", key: "v" },
      { page: "trace", href: "/trace", icon: Route, manual: "observing#message-trace", key: "x" },
    ],
  },
  {
    name: "server",
    items: [
      { page: "modules", href: "/modules", icon: Puzzle, manual: "observing#modules", key: "p", drafts: "module " },
      { page: "components", href: "/components", icon: Plug, manual: "components" },
      { page: "links", href: "/links", icon: Waypoints, manual: "federation" },
      { page: "log", href: "/log", icon: Logs, manual: "observing#server-log", key: "j" },
      { page: "stanzas", href: "/stanzas", icon: Radio, manual: "observing#live-stanzas", key: "n" },
      { page: "metrics", href: "/metrics", icon: ChartLine, manual: "operations#measurements", key: "m" },
      { page: "doctor", href: "/doctor", icon: Stethoscope, manual: "operations#the-doctor" },
      { page: "certificates", href: "/certificates", icon: FileKey, manual: "operations#certificates", key: "c" },
      { page: "backups", href: "/backups", icon: DatabaseBackup, manual: "operations#backups", key: "b" },
      { page: "imports", href: "/imports", icon: Import, manual: "operations#from-another-server" },
    ],
  },
  {
    name: "admin",
    items: [
      { page: "audit", href: "/audit", icon: History, manual: "console-access#the-audit-trail" },
      { page: "settings", href: "/settings", icon: Settings, manual: "console-access", drafts: "log-in policy" },
    ],
  },
];

export const navigationItems: NavigationItem[] = navigation.flatMap((group) => group.items);

/** The item that a path belongs to: the one with the longest address that the path begins with. */
export function activeItem(path: string): NavigationItem | undefined {
  return navigationItems
    .filter(({ href }) => path === href || (href !== "/" && path.startsWith(`${href}/`)))
    .toSorted((a, b) => b.href.length - a.href.length)[0];
}

/** Where the manual speaks of a page; of none: where it begins. */
export function manualHref(path: string): string {
  const [document = "", heading] = (activeItem(path)?.manual ?? "index").split("#");
  return `/admin/manual/${document}.html${heading === undefined ? "" : `#${heading}`}`;
}
