import React from 'react'
import { createRoot } from 'react-dom/client'

createRoot(document.getElementById('root')).render(<h1>A page built by Vite</h1>)
