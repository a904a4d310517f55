import { type DirectoryPublisher, type LogNote, NotesOnce } from '../directory/index.ts'
import type { Logger } from '../kernel/log.ts'
import type { MicroRunner } from '../runner/index.ts'
import type { ProcessRegistry } from './process-registry.ts'

export interface MicroNotesDeps {
  readonly publisher: Pick<DirectoryPublisher, 'onNote'>
  readonly runner: Pick<MicroRunner, 'writeLog'>
  /** An instance that is deleted gets no new log. */
  readonly registry: Pick<ProcessRegistry, 'hasInstance'>
  readonly log: Logger
}

/** Writes the mistakes of an app that gateways report into its log, each once however many gateways report it. */
export function writeMicroNotes({ publisher, runner, registry, log }: MicroNotesDeps): void {
  const once = new NotesOnce()
  publisher.onNote((note) => {
    if (!registry.hasInstance(note.instanceId) || !once.admit(note)) return
    try {
      runner.writeLog(note.instanceId, note.micro, sentenceOf(note))
    } catch (error) {
      log.warn('cannot write to the log of an app', { instance: note.instanceId, reason: String(error) })
    }
  })
}

const sentenceOf = ({ cookie, domain }: LogNote): string =>
  `The cookie ${JSON.stringify(cookie)} was not set: its Domain, ${JSON.stringify(domain)}, is wider than the host of this app, ` +
  'so other apps would receive it. Leave Domain out, or set it to the host of the request.'
