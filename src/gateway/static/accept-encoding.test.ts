import { expect, test } from 'bun:test'
import { acceptedCodings, type Coding } from './accept-encoding.ts'

const CASES: readonly [header: string | null, codings: readonly Coding[]][] = [
  [null, []],
  ['', []],
  ['gzip, deflate, br, zstd', ['br', 'zstd', 'gzip']],
  ['gzip', ['gzip']],
  ['x-gzip', ['gzip']],
  ['GZIP;Q=1.0 , Br', ['br', 'gzip']],
  ['br;q=0.5, gzip;q=0.9', ['gzip', 'br']],
  ['br;q=0, gzip', ['gzip']],
  ['*', ['br', 'zstd', 'gzip']],
  ['*;q=0', []],
  ['gzip;q=0, *;q=0.1', ['br', 'zstd']],
  ['identity', []],
  ['identity;q=1, *;q=0', []],
  ['identity;q=0.5, gzip;q=0.4, br;q=0.6', ['br']],
  ['identity;q=0, gzip', ['gzip']],
  ['br;q=2, gzip;q=-1, zstd;q=x', []],
  ['br;q=0.1234', []],
  ['brr, gzipp', []],
]

for (const [header, codings] of CASES)
  test(`Accept-Encoding ${JSON.stringify(header)} takes ${codings.join(', ') || 'the plain file'}`, () => {
    expect(acceptedCodings(header)).toEqual(codings)
  })
