'use strict'
const { createServer } = require('node:http')

const CardType = Object.freeze({
  RAW: '@deta/raw',
  DETAIL: '@deta/detail',
  FILE: '@deta/file',
  LIST: '@deta/list',
})
const LIST_PATH = '/__space/actions'
const MAX_BODY_BYTES = 6_000_000

/** Describes one input of an action: `Inputs('url').String().Optional()`. */
function Inputs(name) {
  const input = { name, type: 'string', optional: false }
  const set = (change) => () => Object.assign(input, change)
  const methods = {
    String: set({ type: 'string' }),
    Number: set({ type: 'number' }),
    Boolean: set({ type: 'boolean' }),
    Optional: set({ optional: true }),
  }
  for (const [key, value] of Object.entries(methods)) Object.defineProperty(input, key, { value })
  return input
}

/** The actions of an app, served by a middleware for Express and Connect, or by a server of their own. */
function createActions() {
  const actions = new Map()
  const add = (action) => {
    if (typeof action?.name !== 'string' || typeof action.handler !== 'function')
      throw new TypeError('An action needs a name and a handler')
    const path = action.path ?? `${LIST_PATH}/${action.name}`
    actions.set(path.startsWith('/') ? path : `/${path}`, action)
  }
  const middleware = (req, res, next) => {
    const path = (req.originalUrl ?? req.url).split('?')[0]
    if (req.method === 'GET' && path === LIST_PATH) return sendJson(res, 200, listOf(actions))
    const action = req.method === 'POST' ? actions.get(path) : undefined
    if (action !== undefined) return void run(action, req, res, next)
    if (next) next()
    else sendJson(res, 404, { error: 'Not found' })
  }
  const serve = (port = Number(process.env.PORT ?? 8080)) =>
    createServer((req, res) => middleware(req, res)).listen(port)
  return { add, middleware, serve }
}

const listOf = (actions) => ({
  actions: [...actions].map(([path, { name, title, input = [], card, output }]) => ({
    name,
    title: title ?? name,
    path,
    input: input.map(({ name, type, optional }) => ({ name, type, optional })),
    output: card ?? output ?? CardType.RAW,
  })),
})

async function run(action, req, res, next) {
  try {
    const result = await action.handler(await inputOf(req))
    if (typeof result === 'string') {
      res.statusCode = 200
      res.setHeader('Content-Type', 'text/plain; charset=utf-8')
      res.end(result)
    } else sendJson(res, 200, result ?? null)
  } catch (error) {
    if (next) next(error)
    else sendJson(res, error?.status ?? 500, { error: 'The action failed' })
    if (!next) console.error(error)
  }
}

/** A framework may have read the body already. */
async function inputOf(req) {
  if (req.body !== undefined) return req.body
  const chunks = []
  let size = 0
  for await (const chunk of req) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) throw Object.assign(new Error('The input is too large'), { status: 413 })
    chunks.push(chunk)
  }
  const text = Buffer.concat(chunks).toString()
  return text === '' ? {} : JSON.parse(text)
}

function sendJson(res, status, value) {
  res.statusCode = status
  res.setHeader('Content-Type', 'application/json')
  res.end(JSON.stringify(value))
}

module.exports = { CardType, Inputs, createActions, createActionsServer: createActions }
