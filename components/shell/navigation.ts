import {
  Gauge,
  Globe,
  History,
  ListTree,
  type LucideIcon,
  MailX,
  MonitorSmartphone,
  ScrollText,
  Settings,
  ShieldCheck,
  Smartphone,
  Target,
  Ticket,
  UserPlus,
  Users,
} from "lucide-react";

export interface NavigationItem {
  page:
    | "overview"
    | "users"
    | "hosts"
    | "sessions"
    | "invites"
    | "registration"
    | "access"
    | "forward"
    | "deadLetters"
    | "targets"
    | "rules"
    | "devices"
    | "audit"
    | "settings";
  href: string;
  icon: LucideIcon;
  /** Second key after `g`. */
  key?: string;
}

interface NavigationGroup {
  name: "people" | "policy" | "delivery" | "admin" | null;
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
    ],
  },
  {
    name: "policy",
    items: [
      { page: "registration", href: "/registration", icon: UserPlus, key: "r" },
      { page: "access", href: "/access", icon: ShieldCheck, key: "a" },
    ],
  },
  {
    name: "delivery",
    items: [
      { page: "forward", href: "/forward", icon: ScrollText, key: "f" },
      { page: "deadLetters", href: "/forward/dead", icon: MailX, key: "d" },
      { page: "targets", href: "/forward/targets", icon: Target, key: "t" },
      { page: "rules", href: "/forward/rules", icon: ListTree, key: "l" },
      { page: "devices", href: "/devices", icon: Smartphone, key: "v" },
    ],
  },
  {
    name: "admin",
    items: [
      { page: "audit", href: "/audit", icon: History },
      { page: "settings", href: "/settings", icon: Settings },
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
