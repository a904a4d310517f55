import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

const TONES = {
  danger: { box: 'bg-danger-soft text-danger', Icon: CircleAlert },
  warn: { box: 'bg-warn-soft text-warn', Icon: TriangleAlert },
  ok: { box: 'bg-ok-soft text-ok', Icon: CircleCheck },
}

export function Notice({ tone, children }: { tone: keyof typeof TONES; children: ReactNode }) {
  const { box, Icon } = TONES[tone]
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'status'}
      className={`appear flex items-start gap-2.5 rounded-xl px-3.5 py-2.5 text-sm leading-5 ${box}`}
    >
      <Icon className="mt-0.5 size-4 shrink-0" aria-hidden />
      <div className="min-w-0 break-words">{children}</div>
    </div>
  )
}
