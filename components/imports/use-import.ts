"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { client } from "@/lib/api/client.ts";
import { maxPartLength } from "@/lib/contracts/import-limits.ts";
import type { ImportReport } from "@/lib/contracts/portability.ts";
import type { ImportSource, SourceFault } from "./import-source.ts";

/** Below what one call takes, for JSON writes some characters as two. */
const pieceLength = maxPartLength / 4;

export interface ImportSettings {
  dryRun: boolean;
  onConflict: "skip" | "update" | "fail";
  hosts: Record<string, string>;
  withArchive: boolean;
}

export interface ImportRun {
  report: ImportReport | null;
  faults: SourceFault[];
  isRunning: boolean;
  error: unknown;
}

const nothing: ImportRun = { report: null, faults: [], isRunning: false, error: null };

/** Sends a document piece by piece; what the server says of it is there while it goes on. */
export function useImport() {
  const queries = useQueryClient();
  const [run, setRun] = useState<ImportRun>(nothing);
  const stopped = useRef(false);

  const start = async (source: ImportSource, settings: ImportSettings): Promise<void> => {
    const faults: SourceFault[] = [];
    stopped.current = false;
    setRun({ ...nothing, isRunning: true });
    const show = (report: ImportReport, isRunning: boolean) =>
      setRun({ report, faults: [...faults], isRunning, error: null });
    try {
      let report = await begin(settings);
      const { id } = report;
      try {
        for await (const text of pieces(source.read((fault) => faults.push(fault)))) {
          if (stopped.current || report.state !== "receiving") break;
          report = await client.portability.importPart({ id, text });
          show(report, true);
        }
        report = await client.portability.importEnd({ id, isComplete: !stopped.current });
        show(report, false);
      } catch (error) {
        await client.portability.importEnd({ id, isComplete: false }).catch(() => undefined);
        throw error;
      }
    } catch (error) {
      setRun((now) => ({ ...now, isRunning: false, error }));
    }
    if (!settings.dryRun) await queries.invalidateQueries();
  };

  return {
    ...run,
    start,
    stop: () => {
      stopped.current = true;
    },
    forget: () => setRun(nothing),
  };
}

function begin({ dryRun, onConflict, hosts, withArchive }: ImportSettings): Promise<ImportReport> {
  const parts = withArchive ? (["offline", "archive"] as const) : (["offline"] as const);
  return client.portability.import({ dryRun, onConflict, hosts, parts: [...parts] });
}

/** Texts joined and cut so that each call is worth its while, without cutting a character in two. */
async function* pieces(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let text = "";
  for await (const next of texts) {
    text += next;
    while (text.length >= pieceLength) {
      const unit = text.charCodeAt(pieceLength - 1);
      const end = unit >= 0xd800 && unit <= 0xdbff ? pieceLength - 1 : pieceLength;
      yield text.slice(0, end);
      text = text.slice(end);
    }
  }
  if (text !== "") yield text;
}
