import type { ReactNode } from 'react'
import { Logo } from './logo.tsx'
import { useTitle } from './title.ts'

/** The layout of set-up, sign-in and similar pages: one centred card. */
export function CardScreen({
  title,
  intro,
  children,
}: {
  title: string
  intro?: ReactNode
  children: ReactNode
}) {
  useTitle(title)
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-10">
      <div className="w-full max-w-[26rem]">
        <Logo className="mb-6 size-11" />
        <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
        {intro && <p className="mt-2 text-muted">{intro}</p>}
        <div className="mt-7">{children}</div>
      </div>
    </main>
  )
}
