/** A placeholder of about the size of the content, so that the layout does not jump. Invisible when the content is there at once. */
export const Loading = ({ rows = 1 }: { rows?: number }) => (
  <div
    role="status"
    aria-label="Loading"
    className="appear-late divide-y divide-line rounded-xl border border-line"
  >
    {Array.from({ length: rows }, (_, row) => (
      <div key={row} className="flex h-16 animate-pulse flex-col justify-center gap-2 px-4">
        <div className="h-3 w-2/5 rounded bg-line" />
        <div className="h-2.5 w-3/5 rounded bg-line/60" />
      </div>
    ))}
  </div>
)
