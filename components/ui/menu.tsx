"use client";

import { Slot } from "radix-ui";
import { createContext, type KeyboardEvent, type PointerEvent, type ReactNode, use, useState } from "react";
import type { MenuItemProps, MenuParts } from "./menu-parts.tsx";

interface Props {
  trigger: ReactNode;
  children: ReactNode;
  align?: "start" | "end";
}

const Parts = createContext<MenuParts | null>(null);
const opening: ReadonlySet<string> = new Set(["Enter", " ", "ArrowDown"]);

/** A button with a menu. What menus are made of comes when the first of them is about to be opened. */
export function Menu({ trigger, children, align = "end" }: Props) {
  const [parts, setParts] = useState<MenuParts | null>(null);
  const [pressed, setPressed] = useState<string | null>(null);
  const open = (by: string) => {
    setPressed(by);
    void load().then(setParts, () => undefined);
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0 || event.ctrlKey) return;
    // The browser would give the focus to the button after the menu has taken it, and so close it.
    event.preventDefault();
    open("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!opening.has(event.key)) return;
    event.preventDefault();
    open(event.key);
  };
  if (parts === null)
    return (
      <Slot.Root
        aria-haspopup="menu"
        aria-expanded={false}
        onPointerEnter={warm}
        onFocus={warm}
        onPointerDown={onPointerDown}
        onKeyDown={onKeyDown}
      >
        {trigger}
      </Slot.Root>
    );
  return (
    <Parts value={parts}>
      <parts.Root trigger={trigger} align={align} pressed={pressed}>
        {children}
      </parts.Root>
    </Parts>
  );
}

const load = (): Promise<MenuParts> => import("./menu-parts.tsx").then(({ menuParts }) => menuParts);
const warm = (): void => void load().catch(() => undefined);

function useParts(): MenuParts {
  const parts = use(Parts);
  if (parts === null) throw new Error("no menu around it");
  return parts;
}

export function MenuItem(props: MenuItemProps) {
  const { Item } = useParts();
  return <Item {...props} />;
}

export function MenuLabel({ children }: { children: ReactNode }) {
  const { Label } = useParts();
  return <Label>{children}</Label>;
}

export function MenuSeparator() {
  const { Separator } = useParts();
  return <Separator />;
}
