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
  { name: null, items: [{ page: "overview", href: "/", icon: Gauge, key: "o" }] },
  {
    name: "people",
    items: [
      { page: "users", href: "/users", icon: Users, key: "u" },
      { page: "hosts", href: "/hosts", icon: Globe, key: "h" },
      { page: "sessions", href: "/sessions", icon: MonitorSmartphone, key: "s" },
      { page: "invites", href: "/invites", icon: Ticket, key: "i" },
      { page: "rooms", href: "/rooms", icon: MessagesSquare, key: "e", drafts: "room " },
      { page: "uploads", href: "/uploads", icon: Paperclip },
      { page: "groups", href: "/groups", icon: UsersRound },
      { page: "announcements", href: "/announcements", icon: Megaphone },
      { page: "reports", href: "/reports", icon: Flag },
    ],
  },
  {
    name: "policy",
    items: [
      { page: "registration", href: "/registration", icon: UserPlus, key: "r", drafts: "registration " },
      { page: "access", href: "/access", icon: ShieldCheck, key: "a", drafts: "policy" },
    ],
  },
  {
    name: "delivery",
    items: [
      { page: "offline", href: "/offline", icon: Inbox, key: "q" },
      { page: "forward", href: "/forward", icon: ScrollText, key: "f" },
      { page: "deadLetters", href: "/forward/dead", icon: MailX, key: "d" },
      { page: "targets", href: "/forward/targets", icon: Target, key: "t", drafts: "target " },
      { page: "rules", href: "/forward/rules", icon: ListTree, key: "l", drafts: "forward-rules" },
      { page: "devices", href: "/devices", icon: Smartphone, key: "v" },
      { page: "trace", href: "/trace", icon: Route, key: "x" },
    ],
  },
  {
    name: "server",
    items: [
      { page: "modules", href: "/modules", icon: Puzzle, key: "p", drafts: "module " },
      { page: "components", href: "/components", icon: Plug },
      { page: "links", href: "/links", icon: Waypoints },
      { page: "log", href: "/log", icon: Logs, key: "j" },
      { page: "stanzas", href: "/stanzas", icon: Radio, key: "n" },
      { page: "metrics", href: "/metrics", icon: ChartLine, key: "m" },
      { page: "doctor", href: "/doctor", icon: Stethoscope },
      { page: "certificates", href: "/certificates", icon: FileKey, key: "c" },
      { page: "backups", href: "/backups", icon: DatabaseBackup, key: "b" },
      { page: "imports", href: "/imports", icon: Import },
    ],
  },
  {
    name: "admin",
    items: [
      { page: "audit", href: "/audit", icon: History },
      { page: "settings", href: "/settings", icon: Settings, drafts: "log-in policy" },
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
