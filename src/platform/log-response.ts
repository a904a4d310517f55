import { z } from 'zod'

/** `?follow=true`: the answer goes on until what it tells of has ended. */
export const followQuery = z.object({ follow: z.stringbool().default(false) })

/** Lines of plain text as they come; nothing between may collect or cache them. */
export const logResponse = (lines: ReadableStream<Uint8Array>): Response =>
  new Response(lines, {
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Accel-Buffering': 'no' },
  })
