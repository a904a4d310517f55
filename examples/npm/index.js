import { createServer } from 'node:http'
import ms from 'ms'

const about = `${process.release.name} ${process.versions.node}, a day has ${ms('1d')} ms`

createServer((_, response) => response.end(about)).listen(process.env.PORT)
