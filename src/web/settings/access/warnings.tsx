import type { RouteWarning } from '../../../contract/index.ts'
import { Notice } from '../../ui/notice.tsx'

/** Rules that the developer of the app probably did not intend. */
export const Warnings = ({ warnings }: { warnings: readonly RouteWarning[] }) =>
  warnings.length > 0 && (
    <ul aria-label="Warnings" className="mb-6 space-y-2">
      {warnings.map(({ micro, pattern, message, hint }) => (
        <li key={`${micro} ${pattern} ${message}`}>
          <Notice tone="warn">
            <p>
              <code className="font-mono text-[13px] font-medium">{pattern}</code> of {micro}: {message}
            </p>
            {hint && <p className="mt-0.5 opacity-80 first-letter:uppercase">{hint}</p>}
          </Notice>
        </li>
      ))}
    </ul>
  )
