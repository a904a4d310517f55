import { type DirectoryPublisher, type LogNote, NotesOnce } from '../directory/index.ts'
import type { Logger } from '../kernel/log.ts'
import type { MicroRunner } from './micro-runner.ts'

interface NoteDeps {
  readonly publisher: Pick<DirectoryPublisher, 'onNote'>
  readonly runner: Pick<MicroRunner, 'writeLog'>
  readonly log: Logger
  /** An instance that is deleted gets no new log. */
  readonly isServing: (instanceId: string) => boolean
}

/** Writes what gateways saw an app do wrong into its log, once however many gateways say so. */
export function writeNotes({ publisher, runner, log, isServing }: NoteDeps): void {
  const once = new NotesOnce()
  publisher.onNote((note) => {
    if (!isServing(note.instanceId) || !once.admit(note)) return
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
