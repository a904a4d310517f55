interface SwitchProps {
  label: string
  isOn: boolean
  isBusy?: boolean
  onChange: (isOn: boolean) => void
}

/** A toggle that takes effect immediately. */
export function Switch({ label, isOn, isBusy = false, onChange }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      aria-label={label}
      aria-busy={isBusy}
      onClick={() => !isBusy && onChange(!isOn)}
      className={`relative h-6 w-10 shrink-0 rounded-full transition-colors before:absolute before:-inset-2.5 before:content-[''] ${isOn ? 'bg-warn' : 'bg-line-strong'}`}
    >
      <span
        aria-hidden
        className={`absolute top-1 left-1 size-4 rounded-full bg-white shadow-sm transition-transform ${isOn ? 'translate-x-4' : ''}`}
      />
    </button>
  )
}
