import { expect, test } from 'bun:test'
import { encodeMounts, findMounted, servingMicro } from '../index.ts'
import { createRandom } from '../testing/random.ts'

const MOUNTS = ['/', '/a', '/ab', '/a/b', '/a/b/c', '/b', '/A', '/ü']
const PARTS = ['/', '/a', '/ab', '/b', '/c', 'a', 'b', '/A', '%2f', '//', '.', '/ü']

test('encoded mounts lead to the micro that serves the path', () => {
  const random = createRandom(31)
  for (let round = 0; round < 20_000; round++) {
    const others = Array.from({ length: random.int(5) }, () => ({
      primary: random.int(6) === 0,
      mount: random.pick(MOUNTS),
    }))
    const micros = [{ primary: true, mount: random.pick(MOUNTS) }, ...others]
    const path = `/${random.text(PARTS, random.int(5))}`
    const position = findMounted(encodeMounts(micros), path)
    const found = position < 0 ? micros.findLast(({ primary }) => primary) : micros[position]
    expect([micros, path, found === servingMicro(micros, path)]).toEqual([micros, path, true])
  }
})
