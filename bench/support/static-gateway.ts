/** A gateway with one private static micro in the folder that is its argument; prints its port. */
import { startTestGateway } from '../../src/gateway/testing/test-gateway.ts'

const root = process.argv[2]!
const gateway = await startTestGateway({
  micros: [{ name: 'web', upstream: { kind: 'static', root, spaFallback: false } }],
})
console.log(gateway.port)
