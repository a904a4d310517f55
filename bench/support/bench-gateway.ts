/**
 * The gateway as `space serve` runs it: a process of its own, fed by the directory channel. Prints its port. Arguments:
 * the channel's socket; for TLS also a certificate and its key.
 */
import { DirectoryReplica } from '../../src/directory/index.ts'
import { startGateway } from '../../src/gateway/index.ts'
import { createLogger } from '../../src/kernel/log.ts'
import { OpenCertificates } from '../../src/tls/index.ts'

const [socketPath, certFile, keyFile] = process.argv.slice(2)
const log = createLogger('gateway', 'warn')
const scheme = certFile && keyFile ? 'https' : 'http'
const directory = new DirectoryReplica()
directory.connect(socketPath!)
await directory.ready
const gateway = await startGateway({
  listen: ['127.0.0.1'],
  port: 0,
  tls:
    certFile && keyFile
      ? { certificates: new OpenCertificates({ files: [{ certFile, keyFile }], log }), httpPort: null }
      : null,
  settings: {
    domain: 'cloud.test',
    homeHosts: ['cloud.test'],
    homeOrigin: `${scheme}://cloud.test`,
    scheme,
  },
  directory,
  platformSocket: '/nonexistent',
  log,
})
console.log(gateway.port)
