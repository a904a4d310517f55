import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

/** Something could not be loaded: why, and once more. */
export const Problem = ({ error, onRetry }: { error: Error; onRetry: () => void }) => (
  <div className="space-y-3">
    <Notice tone="danger">{error.message}</Notice>
    <Button onClick={onRetry}>Try again</Button>
  </div>
)
