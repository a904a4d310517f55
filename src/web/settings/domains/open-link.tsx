import { ExternalLink } from 'lucide-react'

export const OpenLink = ({ url, name }: { url: string; name: string }) => (
  <a
    href={url}
    target="_blank"
    rel="noopener"
    aria-label={`Open ${name}`}
    className="inline-flex h-9 shrink-0 items-center gap-1.5 rounded-lg px-2.5 text-sm font-medium text-accent hover:bg-sunken"
  >
    <ExternalLink className="size-4" aria-hidden />
    Open
  </a>
)
