"use client";

import { type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import { Kbd } from "./kbd.tsx";

interface Props {
  id: string;
  anchor: HTMLElement;
  keys: string | undefined;
  children: ReactNode;
  onEnter: () => void;
  onLeave: () => void;
  onClose: () => void;
}

const gapPx = 6;
const edgePx = 8;

/** An open tooltip: above what it is about, or below where there is no room; inside of the window in any case. */
export function TooltipBubble({ id, anchor, keys, children, onEnter, onLeave, onClose }: Props) {
  const bubble = useRef<HTMLDivElement>(null);
  // With each render: the text may have become another, and the size with it.
  useLayoutEffect(() => {
    const { style, offsetWidth: width, offsetHeight: height } = bubble.current!;
    const around = anchor.getBoundingClientRect();
    const left = around.left + (around.width - width) / 2;
    const above = around.top - gapPx - height;
    style.left = `${Math.max(edgePx, Math.min(left, innerWidth - edgePx - width))}px`;
    style.top = `${above < edgePx ? around.bottom + gapPx : above}px`;
  });

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      // The dialog that it may be in stays open.
      event.stopPropagation();
      onClose();
    };
    addEventListener("keydown", onKey, { capture: true });
    addEventListener("scroll", onClose, { capture: true, passive: true });
    return () => {
      removeEventListener("keydown", onKey, { capture: true });
      removeEventListener("scroll", onClose, { capture: true });
    };
  }, [onClose]);

  return (
    <div
      ref={bubble}
      id={id}
      role="tooltip"
      onPointerEnter={onEnter}
      onPointerLeave={onLeave}
      className="pointer-events-auto fixed z-60 flex w-max max-w-80 animate-fade items-center gap-2 rounded-control border border-line bg-surface px-2.5 py-1.5 text-meta text-ink shadow-overlay"
    >
      {children}
      {keys ? <Kbd>{keys}</Kbd> : null}
    </div>
  );
}
