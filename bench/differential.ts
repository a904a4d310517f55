/**
 * The long comparison of the paths that the rules consider public with the handlers that routers of real apps run. Prints
 * each hole, and exits with 1 if there is one.
 *
 *     bun bench/differential.ts [rounds, 2000] [seed, the time]
 */
import { compare } from '../tests/differential/comparison.ts'
import { installRouters } from '../tests/differential/install.ts'

const rounds = Number(process.argv[2] ?? 2_000)
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000_007)

console.log(`seed ${seed}, ${rounds} rounds\n`)
const results = await compare(await installRouters(), seed, rounds)
console.log('router               asked   handled   private')
for (const [name, { asked, handled, findings }] of results) {
  const numbers = [asked, handled, findings.length].map((number) => String(number).padStart(9)).join('')
  console.log(`${name.padEnd(18)}${numbers}`)
}
const findings = [...results.values()].flatMap((result) => result.findings)
for (const finding of findings.slice(0, 20)) console.log(finding)
process.exit(findings.length > 0 ? 1 : 0)
