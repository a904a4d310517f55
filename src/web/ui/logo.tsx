import { useId } from 'react'

/** The logo: a tile with one large corner, like the app icons on the Horizon. */
export function Logo({ className = 'size-8' }: { className?: string }) {
  const id = useId()
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden>
      <defs>
        <linearGradient id={id} x1="0" y1="0" x2="1" y2="1">
          <stop stopColor="#8b7dff" />
          <stop offset="1" stopColor="#5b3df5" />
        </linearGradient>
      </defs>
      <path
        d="M18 3h8a3 3 0 0 1 3 3v20a3 3 0 0 1-3 3H6a3 3 0 0 1-3-3v-8A15 15 0 0 1 18 3Z"
        fill={`url(#${id})`}
      />
      <circle cx="18.5" cy="18.5" r="5" fill="none" stroke="#fff" strokeWidth="2.6" />
    </svg>
  )
}
