"use client";

import { Slot } from "radix-ui";
import { type FocusEvent, type PointerEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { TooltipBubble } from "./tooltip-bubble.tsx";

const delayMs = 300;
/** Whoever has just read one need not wait for the next. */
const skipMs = 200;
/** Time to get from what it is about to the tooltip itself (WCAG 1.4.13, hoverable). */
const graceMs = 120;

let closedAt = Number.NEGATIVE_INFINITY;

/**
 * What hovering or focusing the child shows. A list has hundreds of them, so one that is closed is two handlers and no more; the
 * tooltip is made when it opens.
 */
export function Tooltip({ text, keys, children }: { text: ReactNode; keys?: string; children: ReactNode }) {
  const id = useId();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const isPressed = useRef(false);
  useEffect(() => () => clearTimeout(timer.current), []);

  const later = (action: () => void, ms: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(action, ms);
  };
  const close = () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    if (anchor) closedAt = performance.now();
    setAnchor(null);
  };
  const onPointerMove = ({ pointerType, currentTarget }: PointerEvent<HTMLElement>) => {
    if (pointerType === "touch" || isPressed.current) return;
    if (anchor) clearTimeout(timer.current);
    else if (timer.current === undefined)
      later(() => setAnchor(currentTarget), performance.now() - closedAt < skipMs ? 0 : delayMs);
  };
  const onPointerLeave = () => {
    isPressed.current = false;
    if (anchor) later(close, graceMs);
    else close();
  };
  const onPointerDown = () => {
    isPressed.current = true;
    close();
  };
  const onFocus = ({ currentTarget }: FocusEvent<HTMLElement>) => {
    if (currentTarget.matches(":focus-visible")) setAnchor(currentTarget);
  };

  return (
    <>
      <Slot.Root
        aria-describedby={anchor ? id : undefined}
        onPointerMove={onPointerMove}
        onPointerLeave={onPointerLeave}
        onPointerDown={onPointerDown}
        onFocus={onFocus}
        onBlur={close}
        onClick={close}
      >
        {children}
      </Slot.Root>
      {anchor
        ? createPortal(
            <TooltipBubble
              id={id}
              anchor={anchor}
              keys={keys}
              onEnter={() => clearTimeout(timer.current)}
              onLeave={() => later(close, graceMs)}
              onClose={close}
            >
              {text}
            </TooltipBubble>,
            document.body,
          )
        : null}
    </>
  );
}
