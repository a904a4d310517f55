import type { ReactNode } from 'react'

/** A titled part of a settings tab. */
export function Section({
  title,
  intro,
  action,
  children,
}: {
  title: string
  intro?: ReactNode
  action?: ReactNode
  children: ReactNode
}) {
  return (
    <section className="mb-8 last:mb-0">
      <div className="mb-3 flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
        <div className="min-w-[min(100%,18rem)] flex-1">
          <h3 className="text-[15px] font-semibold">{title}</h3>
          {intro && <p className="mt-0.5 text-sm leading-5 text-muted">{intro}</p>}
        </div>
        {action}
      </div>
      {children}
    </section>
  )
}

export const Empty = ({ children }: { children: ReactNode }) => (
  <p className="rounded-xl border border-dashed border-line-strong px-4 py-6 text-center text-sm text-muted">
    {children}
  </p>
)
