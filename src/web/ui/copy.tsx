import { Check, Copy } from 'lucide-react'
import { useState } from 'react'

/** Copies `text`. Without clipboard access (plain http on a LAN) the user can still select the text. */
export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [isCopied, setCopied] = useState(false)
  const Icon = isCopied ? Check : Copy
  const copy = async () => {
    if (!(await writeClipboard(text))) return
    setCopied(true)
    setTimeout(() => setCopied(false), 1_600)
  }
  return (
    <button
      type="button"
      onClick={copy}
      aria-label={isCopied ? 'Copied' : label}
      title={isCopied ? 'Copied' : label}
      className={`grid size-8 shrink-0 place-items-center rounded-lg transition-colors hover:bg-line/60 ${isCopied ? 'text-ok' : 'text-muted hover:text-ink'}`}
    >
      <Icon className="size-4" aria-hidden />
    </button>
  )
}

/** A value to copy: selectable with one click, and a button. */
export function CopyBox({ text, label }: { text: string; label?: string }) {
  return (
    <div className="flex items-center gap-1 rounded-xl border border-line bg-sunken py-1 pr-1 pl-3.5">
      <code className="min-w-0 flex-1 overflow-x-auto py-1.5 font-mono text-[13px] leading-5 whitespace-pre select-all">
        {text}
      </code>
      <CopyButton text={text} label={label} />
    </div>
  )
}

async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
