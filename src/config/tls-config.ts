import { resolve } from 'node:path'
import { ConfigError, readList, readPort } from './readers.ts'

/** The gateway ends TLS itself: the port speaks https. */
export interface TlsConfig {
  /** One pair per certificate, in the given order; at least one. Absolute paths. */
  readonly files: readonly { readonly certFile: string; readonly keyFile: string }[]
  /** Port of plain http, which only redirects to https; null: none. */
  readonly httpPort: number | null
}

const HTTPS_PORT = 443

type Setting = (name: 'port' | 'tls-cert' | 'tls-key' | 'http-port') => string | undefined

/** The gateway's port and its TLS; null: plain http. Throws ConfigError. */
export function readPortAndTls(setting: Setting): { port: number; tls: TlsConfig | null } {
  const certFiles = fileList('tls-cert', setting('tls-cert'))
  const keyFiles = fileList('tls-key', setting('tls-key'))
  if (certFiles.length === 0 && keyFiles.length === 0) return { port: readPlainPort(setting), tls: null }
  if (certFiles.length !== keyFiles.length)
    throw new ConfigError(
      `--tls-cert names ${count(certFiles)} and --tls-key ${count(keyFiles)}: each certificate needs its key, in the same order`,
    )
  const port = readPort('port', setting('port') ?? String(HTTPS_PORT))
  const httpPort = readHttpPort(setting('http-port') ?? (port === HTTPS_PORT ? '80' : 'off'))
  if (httpPort !== null && httpPort !== 0 && httpPort === port)
    throw new ConfigError(`--http-port and --port are both ${port}: one port cannot speak http and https`)
  return {
    port,
    tls: { files: certFiles.map((certFile, at) => ({ certFile, keyFile: keyFiles[at]! })), httpPort },
  }
}

function readPlainPort(setting: Setting): number {
  if (setting('http-port') !== undefined)
    throw new ConfigError(
      '--http-port redirects http to https and needs --tls-cert and --tls-key. To change the port of the server, use --port',
    )
  return readPort('port', setting('port') ?? '7070')
}

const readHttpPort = (text: string): number | null => (text === 'off' ? null : readPort('http-port', text))

/** An empty name comes from an unset variable in a script: ignoring it could mean plain http. */
function fileList(flag: string, text: string | undefined): string[] {
  const names = readList(text)
  if (names.includes(''))
    throw new ConfigError(`--${flag} must be file names separated by commas; one of the names is empty`)
  return names.map((name) => resolve(name))
}

const count = (files: readonly string[]): string => (files.length === 1 ? '1 file' : `${files.length} files`)
