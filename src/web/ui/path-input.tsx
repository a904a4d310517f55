import type { InputHTMLAttributes } from 'react'

interface PathInputProps extends InputHTMLAttributes<HTMLInputElement> {
  /** A fixed prefix before the path; `/` is not shown. */
  prefix?: string
}

/** Input for a path or pattern that begins with a slash. */
export const PathInput = ({ prefix = '/', className = '', ...input }: PathInputProps) => (
  <span
    className={`flex h-11 items-center rounded-xl border border-line-strong bg-card font-mono text-[13px] focus-within:border-accent focus-within:outline-2 focus-within:outline-accent/30 ${className}`}
  >
    {prefix !== '/' && (
      <span className="max-w-[50%] shrink-0 truncate pl-3.5 text-muted" title={prefix}>
        {prefix}
      </span>
    )}
    <input
      type="text"
      pattern="/.*"
      title="It begins with /"
      autoComplete="off"
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      {...input}
      className={`h-full min-w-0 flex-1 rounded-xl bg-transparent pr-3.5 outline-none placeholder:text-muted/60 ${prefix === '/' ? 'pl-3.5' : ''}`}
    />
  </span>
)
