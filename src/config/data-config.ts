import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type DatabaseConfig, readDatabaseOf } from './database-config.ts'
import { ConfigError } from './readers.ts'

/** An S3 bucket. */
export interface BucketConfig {
  readonly bucket: string
  /** Before the names of objects; empty, or with a slash at its end. */
  readonly prefix: string
  /** Null: that of Amazon. */
  readonly endpoint: string | null
  readonly region: string
  /** Absolute. */
  readonly keyFile: string
}

/** Stores outside of the data folder that collections can be moved to. */
export interface DataConfig {
  readonly database: DatabaseConfig | null
  readonly blobs: BucketConfig | null
}

type Setting = (
  name: 'data-database' | 'database-connections' | 'database-within' | 'data-blobs' | 'data-blobs-key-file',
) => string | undefined

/** Throws ConfigError. */
export const readDataConfig = (setting: Setting): DataConfig => ({
  database: readDatabaseOf('data-database', setting),
  blobs: readBucket(setting('data-blobs'), setting('data-blobs-key-file')),
})

/** `s3://bucket/prefix?endpoint=https://s3.example.org&region=eu-central-1` */
function readBucket(text: string | undefined, keyFile: string | undefined): BucketConfig | null {
  if (text === undefined) return null
  const url = URL.canParse(text) ? new URL(text) : null
  const endpoint = url?.searchParams.get('endpoint') ?? null
  if (url?.protocol !== 's3:' || url.hostname === '' || (endpoint !== null && !URL.canParse(endpoint)))
    throw new ConfigError(
      '--data-blobs must be an address such as s3://bucket/prefix?endpoint=https://s3.example.org&region=eu-central-1',
    )
  if (keyFile === undefined)
    throw new ConfigError(
      '--data-blobs needs --data-blobs-key-file: two lines, the access key and its secret',
    )
  const prefix = url.pathname.replace(/^\/+|\/+$/g, '')
  return {
    bucket: url.hostname,
    prefix: prefix === '' ? '' : `${prefix}/`,
    endpoint,
    region: url.searchParams.get('region') ?? 'us-east-1',
    keyFile: resolve(keyFile),
  }
}

/** The access key and its secret. Read when they are needed, so that no command line or environment has them. */
export function readBucketKeys({ keyFile }: BucketConfig): { accessKeyId: string; secretAccessKey: string } {
  const [accessKeyId, secretAccessKey] = linesOf(keyFile)
  if (!accessKeyId || !secretAccessKey)
    throw new ConfigError(`${keyFile} must have two lines: the access key and its secret`)
  return { accessKeyId, secretAccessKey }
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/)
  } catch (cause) {
    throw new ConfigError(`${file} (--data-blobs-key-file) cannot be read`, { cause })
  }
}
