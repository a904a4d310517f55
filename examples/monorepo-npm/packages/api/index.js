const { createServer } = require('node:http')
const { day } = require('days')

createServer((_, response) => response.end(`monorepo, ${day()}`)).listen(process.env.PORT)
