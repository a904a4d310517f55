import type { ErrorComponentProps } from '@tanstack/react-router'
import { ApiError } from '../api/client.ts'
import { Button } from '../ui/button.tsx'
import { CardScreen } from '../ui/screen.tsx'

export function NotFoundPage() {
  return (
    <CardScreen title="Nothing here" intro="There is no such page in your space.">
      <a href="/" className="text-sm font-medium text-accent hover:underline">
        Back to Home
      </a>
    </CardScreen>
  )
}

export function OfflinePage({ error }: ErrorComponentProps) {
  return (
    <CardScreen
      title="Not now"
      intro={error instanceof ApiError ? error.message : 'This page broke; the fault is ours.'}
    >
      <Button look="primary" onClick={() => location.reload()}>
        Try again
      </Button>
    </CardScreen>
  )
}
