// What the drive suites of the SDKs look at (COMPAT 5.6), with one of the SDKs. Prints what came as JSON.
const { randomFillSync, createHash } = require('node:crypto')
const [, , sdk, host] = process.argv
const { Deta } = require(sdk)

const drive = Deta('notes_secret').Drive('photos', host)
const textOf = async (name) => {
  const file = await drive.get(name)
  return file === null ? null : Buffer.from(await file.arrayBuffer()).toString('latin1')
}
const hashOf = (bytes) => createHash('sha256').update(bytes).digest('hex')

async function main() {
  const large = randomFillSync(Buffer.alloc(21 * 1024 * 1024 + 1000))
  const names = [
    'list-a',
    'list-b',
    'list-c',
    'list/a',
    'list/b',
    'list/child/a',
    'list/child/b',
    'sp ace/%@#//é💾.txt',
  ]
  const put = []
  for (const name of names) put.push(await drive.put(name, { data: `in ${names.indexOf(name)}` }))
  await drive.put('typed', { data: 'x', contentType: 'text/own' })
  await drive.put('large', { data: new Uint8Array(large) })
  await drive.put('empty', { data: new Uint8Array() })
  await drive.put('over', { data: 'first' })
  await drive.put('over', { data: 'second' })
  const back = Buffer.from(await (await drive.get('large')).arrayBuffer())
  const out = {
    put: put.join() === names.join(),
    texts: await Promise.all([...names, 'over', 'empty', 'missing'].map(textOf)),
    type: (await drive.get('typed')).type,
    large: hashOf(back) === hashOf(large),
    all: await drive.list(),
    first: await drive.list({ limit: 1 }),
    second: await drive.list({ limit: 1, last: 'empty' }),
    prefix: await drive.list({ prefix: 'list/' }),
    slash: await drive.list({ prefix: '/list' }),
    deleted: [await drive.delete('over'), await drive.delete('never there')],
    many: await drive.deleteMany(['list-a', 'never', '', '  ']),
    valid: await drive.deleteMany(['list-b', 'never']),
    blanks: await drive.deleteMany(['', ' ']).catch((error) => error.message),
    gone: await textOf('list-a'),
  }
  console.log(JSON.stringify(out))
}

main().catch((error) => {
  console.error(error)
  process.exitCode = 1
})
