import { Lock } from 'lucide-react'
import { CopyButton } from '../ui/copy.tsx'
import { loginCommand } from './login-command.ts'

const STEPS: readonly { text: string; command: string }[] = [
  { text: 'Connect your terminal', command: loginCommand(window.location) },
  {
    text: 'Go to the folder of an app. It needs a Spacefile, an index.html or a package.json',
    command: 'cd examples/express',
  },
  { text: 'Push it', command: 'npx space push' },
]

/** The first page of a new owner: three commands, after which the first app appears here. */
export function EmptyHorizon() {
  return (
    <section className="appear mx-auto max-w-xl pt-8 sm:pt-14">
      <h1 className="text-3xl font-semibold tracking-tight">Your space is ready</h1>
      <p className="mt-3 text-muted">Push your first app. It appears here, with its own address.</p>
      <ol className="mt-8 divide-y divide-line overflow-hidden rounded-2xl border border-line bg-card shadow-card">
        {STEPS.map(({ text, command }, index) => (
          <li key={command} className="flex gap-4 px-5 py-4">
            <span
              aria-hidden
              className="mt-0.5 grid size-6 shrink-0 place-items-center rounded-full bg-accent-soft text-xs font-semibold text-accent"
            >
              {index + 1}
            </span>
            <div className="min-w-0 flex-1">
              <p className="text-sm text-muted">{text}</p>
              <code className="mt-1 block font-mono text-[15px] select-all">{command}</code>
            </div>
            <CopyButton text={command} label={`Copy: ${command}`} />
          </li>
        ))}
      </ol>
      <p className="mt-6 flex items-start gap-2.5 text-sm text-muted">
        <Lock className="mt-0.5 size-4 shrink-0" aria-hidden />
        Every app is private: only you can open it, unless its Spacefile names public routes.
      </p>
    </section>
  )
}
