import { CircleX, Globe, Lock, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Explanation } from '../../contract/index.ts'

/** A decision for a person: the outcome first, then why, what would change it, and what it was made from. */
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
        text: 'Public: anyone gets through, without signing in.',
      }
    case 'refused':
      return refusal_id
        ? { box: 'bg-danger-soft text-danger', Icon: Lock, text: 'It was refused.' }
        : { box: 'bg-ok-soft text-ok', Icon: Lock, text: 'Private: a stranger does not get through.' }
    case 'malformed':
      return {
        box: 'bg-danger-soft text-danger',
        Icon: CircleX,
        text: 'Not a valid request: it is answered 400, whoever asks.',
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
      <p className="font-medium">What would change it</p>
      <ul
        aria-label="What would change it"
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
  session: 'a session of somebody who is signed in',
  app: 'the app’s own key',
}

function Facts({ explanation }: { explanation: Explanation }) {
  const { path, canonical, is_plain: isPlain, instance, micro, mount, rule, credential } = explanation
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-5 gap-y-1.5 border-t border-line pt-4 text-[13px] leading-5">
      <Fact name="Path judged">
        <Code>{canonical ?? path}</Code>
        {!isPlain && canonical !== null && <span className="text-muted"> ambiguous spelling</span>}
      </Fact>
      {canonical !== null && canonical !== path && (
        <Fact name="As it came">
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
              {!isPlain && ', which does not count for this spelling'}
            </span>
          </>
        ) : (
          'none matches'
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
