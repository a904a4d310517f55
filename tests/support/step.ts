/** One step of a test whose steps build on each other: a failure names the step in which it happened. */
export async function step(name: string, work: () => void | Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof Error) error.message = `in the step "${name}": ${error.message}`
    throw error
  }
}
