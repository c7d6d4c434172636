"use client";

import { DropdownMenu } from "radix-ui";
import { type ReactNode, useEffect, useRef } from "react";
import { cn } from "@/lib/format/cn.ts";

interface RootProps {
  trigger: ReactNode;
  children: ReactNode;
  align: "start" | "end";
  /** The key that asked for the menu before it was there; empty: a pointer did, null: nobody. */
  pressed: string | null;
}

function Root({ trigger, children, align, pressed }: RootProps) {
  const button = useRef<HTMLButtonElement>(null);
  const isOpened = useRef(false);
  // Pressed again where it is heard, so that the menu opens as it does from then on: the first item has the focus after a key.
  useEffect(() => {
    if (pressed === null || isOpened.current || button.current === null) return;
    isOpened.current = true;
    button.current.focus();
    button.current.dispatchEvent(
      pressed === ""
        ? new PointerEvent("pointerdown", { bubbles: true, button: 0 })
        : new KeyboardEvent("keydown", { bubbles: true, key: pressed }),
    );
  }, [pressed]);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild ref={button}>
        {trigger}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 min-w-44 rounded-panel border border-line bg-surface p-1 shadow-overlay data-[state=open]:animate-rise"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

export interface MenuItemProps {
  children: ReactNode;
  onSelect?: () => void;
  danger?: boolean;
  disabled?: boolean;
  asChild?: boolean;
}

function Item({ children, onSelect, danger, disabled, asChild }: MenuItemProps) {
  return (
    <DropdownMenu.Item
      {...(onSelect ? { onSelect } : {})}
      disabled={disabled ?? false}
      asChild={asChild ?? false}
      className={cn(
        "flex min-h-8 cursor-pointer items-center gap-2 rounded-badge px-2.5 text-base outline-none select-none data-[highlighted]:bg-sunken",
        "data-[disabled]:cursor-not-allowed data-[disabled]:text-ink-3",
        danger && "text-err data-[highlighted]:bg-err-soft",
      )}
    >
      {children}
    </DropdownMenu.Item>
  );
}

function Label({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="px-2.5 pt-1.5 pb-1 text-meta text-ink-3">{children}</DropdownMenu.Label>;
}

function Separator() {
  return <DropdownMenu.Separator className="my-1 h-px bg-line" />;
}

export const menuParts = { Root, Item, Label, Separator };
export type MenuParts = typeof menuParts;
