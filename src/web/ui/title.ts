import { useEffect } from 'react'

/** The page's name in the browser's tab and history, and for screen readers. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · Ownspace` : 'Ownspace'
  }, [title])
}
