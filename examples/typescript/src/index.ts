// @ts-nocheck: the example has no types of Node and of its dependency.
import { createServer } from 'node:http'
import ms from 'ms'

const text: string = `typescript, a day has ${ms('1 day')} ms`
createServer((_, response) => response.end(text)).listen(Number(process.env.PORT))
