import { useEffect } from 'react'

/** Names the page in the browser's tab and history, and to a screen reader that arrives at it. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · Ownspace` : 'Ownspace'
  }, [title])
}
