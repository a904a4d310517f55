/**
 * Home: the page a person lives in. Owns screens and what the browser remembers of them. It talks to the platform
 * by its HTTP API alone and holds no secret: the session is a cookie that no script can read.
 */
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queryClient } from './api/queries.ts'
import { preloadPage, router } from './router.tsx'

preloadPage()
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
)
