import { CircleX, Globe, Lock, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Explanation } from '../../contract/index.ts'

/** An access decision: the outcome first, then the reasons, how to change it, and the facts it is based on. */
export function ExplanationView({ explanation }: { explanation: Explanation }) {
  const { box, Icon, text } = outcomeOf(explanation)
  return (
    <div className="overflow-hidden rounded-xl border border-line bg-card text-sm">
      <p className={`flex items-start gap-2.5 px-4 py-3 leading-5 font-medium ${box}`}>
        <Icon className="mt-0.5 size-4 shrink-0" aria-hidden />
        {text}
      </p>
      <div className="space-y-4 px-4 py-4">
        <Sentences sentences={explanation.sentences} />
        <Remedies remedies={explanation.remedies} />
        <Facts explanation={explanation} />
      </div>
    </div>
  )
}

interface Outcome {
  box: string
  Icon: LucideIcon
  text: string
}

function outcomeOf({ outcome, refusal_id }: Explanation): Outcome {
  switch (outcome) {
    case 'public':
      return {
        box: 'bg-warn-soft text-warn',
        Icon: Globe,
        text: 'Public: anyone may open this without signing in.',
      }
    case 'refused':
      return refusal_id
        ? { box: 'bg-danger-soft text-danger', Icon: Lock, text: 'This request was refused.' }
        : { box: 'bg-ok-soft text-ok', Icon: Lock, text: 'Private: a session or an API key is needed.' }
    case 'malformed':
      return {
        box: 'bg-danger-soft text-danger',
        Icon: CircleX,
        text: 'Invalid request: always answered with 400.',
      }
  }
}

const Sentences = ({ sentences }: { sentences: readonly string[] }) =>
  sentences.length > 0 && (
    <div className="space-y-1 leading-6">
      {sentences.map((sentence) => (
        <p key={sentence} className="break-words first-letter:uppercase">
          {sentence}
        </p>
      ))}
    </div>
  )

const Remedies = ({ remedies }: { remedies: readonly string[] }) =>
  remedies.length > 0 && (
    <div>
      <p className="font-medium">How to change this</p>
      <ul
        aria-label="How to change this"
        className="mt-1 list-disc space-y-1 pl-5 leading-6 marker:text-muted"
      >
        {remedies.map((remedy) => (
          <li key={remedy} className="break-words first-letter:uppercase">
            {remedy}
          </li>
        ))}
      </ul>
    </div>
  )

const CREDENTIALS: Record<Explanation['credential'], string> = {
  none: 'none',
  key: 'an API key',
  session: 'a session',
  app: 'the app’s own key',
}

function Facts({ explanation }: { explanation: Explanation }) {
  const { path, canonical, is_plain: isPlain, instance, micro, mount, rule, credential } = explanation
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-5 gap-y-1.5 border-t border-line pt-4 text-[13px] leading-5">
      <Fact name="Path checked">
        <Code>{canonical ?? path}</Code>
        {!isPlain && canonical !== null && <span className="text-muted"> ambiguous spelling</span>}
      </Fact>
      {canonical !== null && canonical !== path && (
        <Fact name="Path received">
          <Code>{path}</Code>
        </Fact>
      )}
      <Fact name="App">
        {instance.app_name} <span className="text-muted">{instance.alias}</span>
      </Fact>
      {micro && (
        <Fact name="Micro">
          {micro}
          {mount && mount !== '/' && <span className="text-muted"> mounted at {mount}</span>}
        </Fact>
      )}
      <Fact name="Rule">
        {rule ? (
          <>
            <Code>{rule.pattern}</Code>{' '}
            <span className="text-muted">
              of {rule.from}
              {!isPlain && ', which does not apply to this spelling'}
            </span>
          </>
        ) : (
          'no match'
        )}
      </Fact>
      <Fact name="Credential">{CREDENTIALS[credential]}</Fact>
    </dl>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt className="text-muted">{name}</dt>
    <dd className="min-w-0">{children}</dd>
  </>
)

const Code = ({ children }: { children: string }) => <code className="font-mono break-all">{children}</code>
