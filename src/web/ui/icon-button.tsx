import type { LucideIcon } from 'lucide-react'

interface IconButtonProps {
  icon: LucideIcon
  label: string
  tone?: 'plain' | 'danger'
  isPressed?: boolean
  /** The icon spins, and further clicks are ignored. */
  isBusy?: boolean
  onClick: () => void
}

const TONES = {
  plain: 'hover:bg-sunken hover:text-ink',
  danger: 'hover:bg-danger-soft hover:text-danger',
}

export const IconButton = ({
  icon: Icon,
  label,
  tone = 'plain',
  isPressed,
  isBusy,
  onClick,
}: IconButtonProps) => (
  <button
    type="button"
    aria-label={label}
    title={label}
    aria-expanded={isPressed}
    aria-busy={isBusy}
    disabled={isBusy}
    onClick={onClick}
    className={`grid size-9 shrink-0 place-items-center rounded-lg text-muted transition-colors ${TONES[tone]}`}
  >
    <Icon className={`size-4 ${isBusy ? 'animate-spin' : ''}`} aria-hidden />
  </button>
)
