import { expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { temporaryCertificates } from '../../tls/testing/temporary-certificates.ts'
import { buildWheels } from './python-wheels.ts'
import { VANISHED_PYTHON } from './table.ts'
import { openDataStub } from './testing/data-stub.ts'

const CHECK = join(import.meta.dir, '../../../sdk/python/tests/check_sdk.py')
const [{ name, versions }] = VANISHED_PYTHON as [(typeof VANISHED_PYTHON)[number]]

test.skipIf(Bun.which('python3') === null).each([versions.at(0)!, versions.at(-1)!])(
  'the package that is supplied as deta %s has the whole interface, over TLS',
  async (version) => {
    using certificates = temporaryCertificates(['localhost'])
    using stub = openDataStub(certificates.files[0]!)
    const dir = mkdtempSync(join(tmpdir(), 'python-sdk-'))
    try {
      const wheel = (await buildWheels(name, versions)).find((one) => one.version === version)!
      writeFileSync(join(dir, wheel.fileName), wheel.bytes)
      const run = Bun.spawn(['python3', '-I', '-c', RUN, join(dir, wheel.fileName), CHECK], {
        env: {
          PATH: Bun.env.PATH,
          DETA_PROJECT_KEY: 'col_secret',
          DETA_BASE_HOST: stub.host,
          DETA_DRIVE_HOST: stub.host,
          SSL_CERT_FILE: certificates.files[0]!.certFile,
        },
        stderr: 'pipe',
      })
      const [output, errors] = await Promise.all([
        new Response(run.stdout).text(),
        new Response(run.stderr).text(),
      ])
      expect({ output, errors }).toEqual({ output: `all of ${version} works\n`, errors: '' })
    } finally {
      rmSync(dir, { recursive: true })
    }
  },
)

/** Python imports from a wheel as from a folder. */
const RUN =
  'import runpy, sys; sys.path.insert(0, sys.argv[1]); runpy.run_path(sys.argv[2], run_name="__main__")'
