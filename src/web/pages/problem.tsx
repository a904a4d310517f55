import type { ErrorComponentProps } from '@tanstack/react-router'
import { ApiError } from '../api/client.ts'
import { Button } from '../ui/button.tsx'
import { CardScreen } from '../ui/screen.tsx'

export function NotFoundPage() {
  return (
    <CardScreen title="Page not found" intro="Home has no page at this address.">
      <a href="/" className="text-sm font-medium text-accent hover:underline">
        Back to Home
      </a>
    </CardScreen>
  )
}

export function OfflinePage({ error }: ErrorComponentProps) {
  return (
    <CardScreen
      title="Something went wrong"
      intro={error instanceof ApiError ? error.message : 'Home failed to show this page.'}
    >
      <Button look="primary" onClick={() => location.reload()}>
        Try again
      </Button>
    </CardScreen>
  )
}
