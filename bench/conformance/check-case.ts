import { connect } from 'node:net'
import { POLICY, type AttackCase, type MicroName } from './attack-case.ts'
import type { RecordingUpstream } from './recording-upstream.ts'

export interface GatewayUnderTest {
  readonly address: { readonly host: string; readonly port: number }
  /** What the gateway was given for the owner's session and for a key of `api`. */
  readonly session: string
  readonly key: string
}

export type Upstreams = Readonly<Record<MicroName, RecordingUpstream>>

export type Outcome =
  | { readonly kind: 'passed' }
  /** `what`: what came to whom. */
  | { readonly kind: 'failed'; readonly severity: AttackCase['severity']; readonly what: string }

/** Gateways answer faster than this on loopback; some never answer an invalid request. */
const PATIENCE_MS = 1_500

/** Sends one case, and checks what the upstreams and the client received. */
export async function checkCase(
  one: AttackCase,
  gateway: GatewayUnderTest,
  upstreams: Upstreams,
): Promise<Outcome> {
  for (const upstream of Object.values(upstreams)) upstream.forget()
  const answer = await exchange(gateway, fill(one.send, gateway))
  const received = (Object.keys(upstreams) as MicroName[]).flatMap((name) =>
    upstreams[name].heads.map((head) => ({ name, head })),
  )
  const what = troubleOf(one, answer, received, gateway)
  return what === null ? { kind: 'passed' } : { kind: 'failed', severity: severityOf(one, received), what }
}

interface Received {
  readonly name: MicroName
  readonly head: string
}

function troubleOf(
  { want }: AttackCase,
  answer: string,
  received: readonly Received[],
  gateway: GatewayUnderTest,
): string | null {
  const [first, ...more] = received
  if (want.kind === 'refused') {
    const lines = received.map(({ name, head }) => `${name} received "${firstLineOf(head)}"`)
    return lines.length > 0 ? lines.join(', ') : null
  }
  if (first === undefined) return `no upstream was asked, the client got ${answer.split(' ')[1] ?? 'nothing'}`
  if (more.length > 0) return `the upstreams received ${received.length} requests`
  if (first.name !== want.by) return `${first.name} was asked and not ${want.by}`
  const target = first.head.split(' ')[1] ?? ''
  if (target !== want.target) return `${first.name} was asked for ${target}`
  const kept = (want.without ?? [])
    .map((text) => fill(text, gateway))
    .find((text) => includes(first.head, text))
  if (kept !== undefined) return `${first.name} received ${kept}`
  const sent = (want.answerWithout ?? []).find((text) => includes(answer, text))
  return sent === undefined ? null : `the client got ${sent}`
}

function severityOf({ severity, want }: AttackCase, received: readonly Received[]): AttackCase['severity'] {
  if (want.kind !== 'refused' || want.hole === undefined) return severity
  const { hole } = want
  return received.some(({ head }) => includes(head, hole)) ? 'hole' : 'caution'
}

const includes = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase())

const firstLineOf = (head: string): string => (head.split('\r\n')[0] ?? '').slice(0, 100)

const fill = (text: string, { session, key }: GatewayUnderTest): string =>
  text
    .replaceAll('{host}', POLICY.host)
    .replaceAll('{other-host}', POLICY.otherHost)
    .replaceAll('{session}', session)
    .replaceAll('{key}', key)

/** Everything that comes back, until the connection ends or nothing has come for a while. */
function exchange({ address }: GatewayUnderTest, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(address.port, address.host, () => socket.write(bytes, 'latin1'))
    const done = () => {
      clearTimeout(timer)
      socket.destroy()
      resolve(text)
    }
    const timer = setTimeout(done, PATIENCE_MS)
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => {
      text += chunk
      // A second answer would be one to a smuggled request: it comes at once or not at all.
      if (text.includes('\r\n\r\n')) timer.refresh()
    })
    socket.on('error', done)
    socket.on('close', done)
  })
}
