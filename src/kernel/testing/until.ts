const LOOK_EVERY_MS = 10

/** Resolves when the probe is true; rejects with `what` if it is not true in time. */
export async function until(
  what: string,
  probe: () => boolean | Promise<boolean>,
  { withinMs }: { readonly withinMs: number } = { withinMs: 30_000 },
): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await probe())) {
    if (performance.now() > deadline) throw new Error(`did not happen within ${withinMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}
