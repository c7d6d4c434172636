import { CopyButton } from "@/components/ui/copy-button.tsx";

/** A secret at the only time that it is shown, to be copied. */
export function SecretText({ text }: { text: string }) {
  return (
    <div className="flex items-center gap-2 rounded-control border border-line bg-sunken py-1 pr-1 pl-3">
      <code className="min-w-0 flex-1 font-mono text-meta wrap-anywhere">{text}</code>
      <CopyButton text={text} />
    </div>
  );
}
