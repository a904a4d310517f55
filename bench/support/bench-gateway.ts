/** The gateway as `space serve` runs it: a process of its own, fed by the directory channel. Prints its port. */
import { DirectoryReplica } from '../../src/directory/index.ts'
import { startGateway } from '../../src/gateway/index.ts'
import { createLogger } from '../../src/log.ts'

const directory = new DirectoryReplica()
directory.connect(process.argv[2]!)
await directory.ready
const gateway = await startGateway({
  listen: ['127.0.0.1'],
  port: 0,
  settings: {
    domain: 'cloud.test',
    homeHosts: ['cloud.test'],
    homeOrigin: 'http://cloud.test',
    scheme: 'http',
  },
  directory,
  platformSocket: '/nonexistent',
  log: createLogger('gateway', 'warn'),
})
console.log(gateway.port)
