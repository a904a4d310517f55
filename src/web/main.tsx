/**
 * Home: the web interface. Owns its screens and the state that the browser keeps for them. Home uses the platform's HTTP
 * API only and holds no secret: the session is a cookie that scripts cannot read. Start reading at `router.tsx`.
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
