import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

/** Content that failed to load: the reason, and a retry button. */
export const Problem = ({ error, onRetry }: { error: Error; onRetry: () => void }) => (
  <div className="space-y-3">
    <Notice tone="danger">{error.message}</Notice>
    <Button onClick={onRetry}>Try again</Button>
  </div>
)
