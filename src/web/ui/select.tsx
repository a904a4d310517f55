import { ChevronDown } from 'lucide-react'
import type { SelectHTMLAttributes } from 'react'

/** The native select element, styled. */
export const Select = ({ className = '', children, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) => (
  <span className={`relative inline-block ${className}`}>
    <select
      {...rest}
      className="h-full min-h-9 w-full appearance-none rounded-[inherit] border border-line-strong bg-card pr-8 pl-3 text-sm focus:border-accent"
    >
      {children}
    </select>
    <ChevronDown
      className="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-muted"
      aria-hidden
    />
  </span>
)
