/** The data process as `space serve` runs it. Prints 1 once it serves. Arguments: the channel's socket, its data folder. */
import { join } from 'node:path'
import { DATA_LIMITS, startData } from '../../src/data/index.ts'
import { DataKeyReplica } from '../../src/directory/index.ts'
import { createLogger } from '../../src/kernel/log.ts'
import { openDataServices } from '../../src/processes/data-services.ts'

const [socketPath = '', folder = ''] = process.argv.slice(2)
const log = createLogger('data', 'warn')
const keys = new DataKeyReplica()
keys.connect(socketPath)
await keys.ready
const collectionsDir = join(folder, 'collections')
const services = await openDataServices({ collectionsDir, limits: DATA_LIMITS, minFreeBytes: 0, log })
await startData({ services, keys, collectionsDir, runDir: folder, sandboxes: null, log })
console.log(1)
