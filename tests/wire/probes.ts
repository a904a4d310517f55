/**
 * Requests by which front and back servers were brought to read two different things, as published: CL.TE, TE.CL and
 * TE.TE (Kettle 2019, and the mutations of smuggler.py), CL.0 and 0.CL (2022, 2025), TE.0 and chunk tricks (2024, 2025),
 * h2c and Upgrade (2020), and what request lines, Host and field names add to it. One character per octet.
 *
 * `forwards` is how many requests the app may see. In a probe with 1, whatever looks like a second one is body.
 */
export interface Probe {
  readonly name: string
  readonly text: string
  readonly forwards: 0 | 1
}

const HOST = 'notes-ab12.cloud.test'
const SMUGGLED = `GET /smuggled HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`
const CHUNKED = 'Transfer-Encoding: chunked'

const request = (line: string, fields: readonly string[], body = ''): string =>
  `${line}\r\nHost: ${HOST}\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n${body}`
const post = (fields: readonly string[], body = ''): string => request('POST / HTTP/1.1', fields, body)
const get = (...fields: readonly string[]): string => request('GET / HTTP/1.1', fields)

type Row = readonly [name: string, text: string]
const refused = (rows: readonly Row[]): Probe[] => rows.map(([name, text]) => ({ name, text, forwards: 0 }))
const passed = (rows: readonly Row[]): Probe[] => rows.map(([name, text]) => ({ name, text, forwards: 1 }))

/** The body ends early for who obeys the Transfer-Encoding, and covers everything for who obeys Content-Length. */
function clTe(...teLines: readonly string[]): string {
  const body = `0\r\n\r\n${SMUGGLED}`
  return post([`Content-Length: ${body.length}`, ...teLines], body)
}

/** The reverse: a chunk that holds a request, which begins where Content-Length ends. */
function teCl(...teLines: readonly string[]): string {
  const size = SMUGGLED.length.toString(16)
  return post([`Content-Length: ${size.length + 2}`, ...teLines], `${size}\r\n${SMUGGLED}\r\n0\r\n\r\n`)
}

/** A chunked body alone, and a request that follows for who takes the line for something else. */
const teOnly = (teLine: string): string => post([teLine], `0\r\n\r\n${SMUGGLED}`)

const spell = (char: string): string => `0x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
/** Octets that some parsers skip, trim or take for the end of a line. */
const ODD = [...'\x00\x01\x04\x08\x09\x0a\x0b\x0c\x0d\x1f\x20\x7f\x85\xa0\xff']

/** smuggler.py: an odd octet at every place where a parser could forgive it. Blanks around a value are lawful. */
const ODD_OCTETS: readonly Row[] = ODD.flatMap((char): Row[] => [
  [`${spell(char)} before a TE value`, clTe(`Transfer-Encoding:${char}chunked`)],
  [`${spell(char)} behind a TE value`, clTe(`Transfer-Encoding: chunked${char}`)],
  [`${spell(char)} before the colon of TE`, clTe(`Transfer-Encoding${char}: chunked`)],
  [`${spell(char)} before the name of TE`, clTe(`${char}Transfer-Encoding: chunked`)],
  [`${spell(char)} instead of the line end before TE`, teCl(`X: X${char}Transfer-Encoding: chunked`)],
  [`${spell(char)} behind CR before TE`, teCl(`X: X\r${char}Transfer-Encoding: chunked`)],
  [`${spell(char)} before LF before TE`, teCl(`X: X${char}\nTransfer-Encoding: chunked`)],
  [`${spell(char)} inside the name of CL`, post([`Content${char}Length: 5`], SMUGGLED)],
  [`${spell(char)} inside the value of CL`, post([`Content-Length: 1${char}0`], SMUGGLED)],
])

/** Where an octet is only part of another field's value, Content-Length holds, and all is body. */
const isPartOfValue = ([name, text]: Row): boolean =>
  name.includes('instead of the line end') && /X: X[\t \x80-\xff]Transfer/.test(text)

const valueOfAnother = (char: string): Row => {
  const body = SMUGGLED
  return [
    `${spell(char)} between another value and TE`,
    post([`X: X${char}${CHUNKED}`, `Content-Length: ${body.length}`], body),
  ]
}

const TRANSFER_CODINGS: readonly Row[] = [
  ['CL.TE', clTe(CHUNKED)],
  ['TE.CL', teCl(CHUNKED)],
  ['CL.TE in another case', clTe('tRANSFER-eNCODING: cHUNKED')],
  ['TE twice', teOnly(`${CHUNKED}\r\n${CHUNKED}`)],
  ['TE and an unknown TE', teOnly(`${CHUNKED}\r\nTransfer-Encoding: x`)],
  ['an unknown TE and TE', teOnly(`Transfer-Encoding: x\r\n${CHUNKED}`)],
  ['TE xchunked', teOnly('Transfer-Encoding: xchunked')],
  ['TE chunkedx', teOnly('Transfer-Encoding: chunkedx')],
  ['TE identity', clTe('Transfer-Encoding: identity')],
  ['TE identity, chunked', teOnly('Transfer-Encoding: identity, chunked')],
  ['TE chunked, identity', teOnly('Transfer-Encoding: chunked, identity')],
  ['TE chunked, chunked', teOnly('Transfer-Encoding: chunked, chunked')],
  ['TE gzip, chunked', teOnly('Transfer-Encoding: gzip, chunked')],
  ['TE with a comma behind', teOnly('Transfer-Encoding: chunked,')],
  ['TE with a comma before', teOnly('Transfer-Encoding: ,chunked')],
  ['TE with a parameter', teOnly('Transfer-Encoding: chunked;q=1')],
  ['TE in double quotes', teOnly('Transfer-Encoding: "chunked"')],
  ['TE in single quotes', teOnly("Transfer-Encoding: 'chunked'")],
  ['TE empty', clTe('Transfer-Encoding:')],
  ['TE folded', teOnly('Transfer-Encoding:\r\n chunked')],
  ['TE folded with a tab', teOnly('Transfer-Encoding:\r\n\tchunked')],
  ['TE as the folded line of another field', teOnly('X: X\r\n Transfer-Encoding: chunked')],
  ['TE chunked folded into nonsense', teOnly('Transfer-Encoding: chunked\r\n x')],
  ['TE with a Kelvin sign', teOnly('Transfer-Encoding: chun\xe2\x84\xaaed')],
  ['TE with a Cyrillic letter', teOnly('Transfer-Encoding: \xd1\x81hunked')],
  ['TE as the first line', `POST / HTTP/1.1\r\n ${CHUNKED}\r\nHost: ${HOST}\r\n\r\n0\r\n\r\n${SMUGGLED}`],
  ['TE in HTTP/1.0', request('POST / HTTP/1.0', [CHUNKED], `0\r\n\r\n${SMUGGLED}`)],
  ['TE in HTTP/1.0 kept alive', request('POST / HTTP/1.0', ['Connection: keep-alive', CHUNKED], `0\r\n\r\n`)],
  ['TE named by Connection, beside CL', clTe('Connection: Transfer-Encoding', CHUNKED)],
  ['TE behind a Connection: close', clTe('Connection: close', CHUNKED)],
]

const CONTENT_LENGTHS: readonly Row[] = [
  ['CL twice, the same', post(['Content-Length: 3', 'Content-Length: 3'], 'abc')],
  ['CL twice, different', post(['Content-Length: 0', `Content-Length: ${SMUGGLED.length}`], SMUGGLED)],
  ...[
    '3, 3',
    '3,0',
    '3,',
    ',3',
    '+3',
    '-3',
    '-0',
    '0x3',
    '03',
    '00',
    '3h',
    '3.0',
    '3e0',
    '3;a',
    '"3"',
    '0_3',
    '3 0',
    '',
    '\xef\xbc\x93',
    '18446744073709551619',
    '9223372036854775811',
    '4294967299999999',
    '1000000000000000',
  ].map((value): Row => [
    `CL ${JSON.stringify(value)}`,
    post([`Content-Length: ${value}`], `abc${SMUGGLED}`),
  ]),
  ['CL folded', post(['Content-Length:\r\n 3'], `abc${SMUGGLED}`)],
  ['CL with digits on a folded line', post(['Content-Length: 3\r\n 0'], `abc${SMUGGLED}`)],
  ['CL with a blank before the colon', post(['Content-Length : 3'], `abc${SMUGGLED}`)],
  ['CL behind the folded line of another field', post(['X: X\r\n\tContent-Length: 3'], `abc${SMUGGLED}`)],
]

const withChunks = (body: string): string => post([CHUNKED], body)

const CHUNKS: readonly Row[] = [
  ['a bare LF behind a size', withChunks(`3\nabc\r\n0\r\n\r\n${SMUGGLED}`)],
  ['a bare CR behind a size', withChunks(`3\rabc\r\n0\r\n\r\n${SMUGGLED}`)],
  ['a bare LF in an extension (TERM.EXT)', withChunks(`3;\nxx\r\nabc\r\n0\r\n\r\n${SMUGGLED}`)],
  ['a bare CR in an extension', withChunks(`3;a\rb\r\nabc\r\n0\r\n\r\n${SMUGGLED}`)],
  ['NUL in an extension', withChunks('3;a\0b\r\nabc\r\n0\r\n\r\n')],
  ['a bare LF behind the data (SPILL)', withChunks(`3\r\nabc\n0\r\n\r\n${SMUGGLED}`)],
  ['two octets that are no CRLF behind the data', withChunks(`3\r\nabcXX0\r\n\r\n${SMUGGLED}`)],
  ['no line end behind the data', withChunks(`3\r\nabc0\r\n\r\n${SMUGGLED}`)],
  ['a chunk longer than its size', withChunks(`3\r\nabcdef\r\n0\r\n\r\n${SMUGGLED}`)],
  ['a chunk that holds a request behind its size', withChunks(`3\r\nabc\r\n${SMUGGLED}0\r\n\r\n`)],
  ['CR CR LF behind a size', withChunks('3\r\r\nabc\r\n0\r\n\r\n')],
  ['a blank before a size', withChunks(` 3\r\nabc\r\n0\r\n\r\n${SMUGGLED}`)],
  ['a blank behind a size', withChunks(`3 \r\nabc\r\n0\r\n\r\n${SMUGGLED}`)],
  ['a blank before an extension', withChunks(`3 ;a\r\nabc\r\n0\r\n\r\n${SMUGGLED}`)],
  ['a tab behind a size', withChunks(`3\t\r\nabc\r\n0\r\n\r\n${SMUGGLED}`)],
  ['a size in 0x notation', withChunks(`0x3\r\nabc\r\n0\r\n\r\n${SMUGGLED}`)],
  ['a signed size', withChunks(`+3\r\nabc\r\n0\r\n\r\n${SMUGGLED}`)],
  ['a negative size', withChunks(`-3\r\nabc\r\n0\r\n\r\n${SMUGGLED}`)],
  ['a size with an underscore', withChunks(`0_3\r\nabc\r\n0\r\n\r\n${SMUGGLED}`)],
  ['a size that overflows 32 bits', withChunks(`100000003\r\nabc\r\n0\r\n\r\n${SMUGGLED}`)],
  ['a size that overflows 64 bits', withChunks(`10000000000000003\r\nabc\r\n0\r\n\r\n${SMUGGLED}`)],
  ['a size of very many zeros', withChunks(`${'0'.repeat(40)}3\r\nabc\r\n0\r\n\r\n`)],
  ['an empty size', withChunks(`\r\nabc\r\n0\r\n\r\n${SMUGGLED}`)],
  ['an extension without a size', withChunks(`;a\r\nabc\r\n0\r\n\r\n${SMUGGLED}`)],
  ['a size that is no number', withChunks(`g\r\nabc\r\n0\r\n\r\n${SMUGGLED}`)],
  ['an endless extension', withChunks(`3;${'a'.repeat(2_000)}\r\nabc\r\n0\r\n\r\n`)],
  ['a bare LF behind the last chunk', withChunks(`0\n\n${SMUGGLED}`)],
  ['a bare LF at the very end', withChunks(`0\r\n\n${SMUGGLED}`)],
  ['a bare CR at the very end', withChunks(`0\r\n\r${SMUGGLED}`)],
  ['a request in place of the last line end', withChunks(`0\r\n${SMUGGLED}`)],
]

const withTrailers = (trailers: string): string => withChunks(`3\r\nabc\r\n0\r\n${trailers}\r\n`)

const BAD_TRAILERS: readonly Row[] = [
  ['a trailer with a bare LF', withTrailers(`X: a\n${SMUGGLED}`)],
  ['a trailer with a blank before its colon', withTrailers('X : a\r\n')],
  ['a folded trailer', withTrailers('X: a\r\n b\r\n')],
  ['a trailer without a colon', withTrailers('GET /smuggled HTTP/1.1\r\n')],
  ['a trailer with NUL', withTrailers('X: a\0b\r\n')],
  ['too many trailers', withTrailers('X: a\r\n'.repeat(200))],
]

const REQUEST_LINES: readonly Row[] = [
  ['HTTP/0.9', 'GET /smuggled\r\n\r\n'],
  ['HTTP/0.9 by its number', request('GET /smuggled HTTP/0.9', [])],
  ['HTTP/1.2', request('GET / HTTP/1.2', [])],
  ['HTTP/2.0', request('GET / HTTP/2.0', [])],
  ['HTTP/1.10', request('GET / HTTP/1.10', [])],
  ['HTTP/01.1', request('GET / HTTP/01.1', [])],
  ['http/1.1', request('GET / http/1.1', [])],
  ['HTTP/1.1 and more', request('GET / HTTP/1.1 HTTP/1.0', [])],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['no version', request('GET /', [])],
  ['two blanks before the target', request('GET  / HTTP/1.1', [])],
  ['two blanks behind the target', request('GET /  HTTP/1.1', [])],
  ['a tab instead of a blank', request('GET\t/ HTTP/1.1', [])],
  ['a blank in the target', request('GET /a /smuggled HTTP/1.1', [])],
  ['a blank behind the version', request('GET / HTTP/1.1 ', [])],
  ['a blank before the method', request(' GET / HTTP/1.1', [])],
  ['a bare LF behind the request line', `GET / HTTP/1.1\nHost: ${HOST}\r\n\r\n`],
  ['bare LF everywhere', `GET / HTTP/1.1\nHost: ${HOST}\n\n`],
  ['a bare CR behind the request line', `GET / HTTP/1.1\rHost: ${HOST}\r\n\r\n`],
  ['CR in the target', request('GET /\rX: HTTP/1.1', [])],
  ['NUL in the target', request('GET /\0 HTTP/1.1', [])],
  ['a fragment', request('GET /public/#/../smuggled HTTP/1.1', [])],
  ['raw UTF-8 in the target', request('GET /\xc4\xa0 HTTP/1.1', [])],
  ['a target of a hundred kilobytes', request(`GET /${'a'.repeat(100_000)} HTTP/1.1`, [])],
  ['CONNECT', request(`CONNECT ${HOST}:80 HTTP/1.1`, [], SMUGGLED)],
  ['a method in lower case', request('get / HTTP/1.1', [])],
  ['a method with an odd octet', request('GE\x01T / HTTP/1.1', [])],
  ['a method with a colon', request('GET: / HTTP/1.1', [])],
  ['a target without a slash', request('GET smuggled HTTP/1.1', [])],
  ['* for a GET', request('GET * HTTP/1.1', [])],
  ['a target of a query alone', request('GET ?smuggled HTTP/1.1', [])],
  ['an absolute target of another host', request('GET http://evil.test/smuggled HTTP/1.1', [])],
  ['an absolute target with user info', request(`GET http://evil.test@${HOST}/ HTTP/1.1`, [])],
  ['an absolute target with another port', request(`GET http://${HOST}:81/ HTTP/1.1`, [])],
  ['an absolute target of another scheme', request(`GET ftp://${HOST}/ HTTP/1.1`, [])],
  ['an opaque target', request('GET http:http://internal/smuggled HTTP/1.1', [])],
  ['a target without a scheme', request(`GET //${HOST}@evil.test HTTP/1.1\r\nX`, [])],
  ['five empty lines before', `${'\r\n'.repeat(5)}${get()}`],
  ['a lone LF before', `\n${get()}`],
]

const withHost = (host: string): string => `GET /smuggled HTTP/1.1\r\n${host}\r\n\r\n`

const HOSTS: readonly Row[] = [
  ['no Host', 'GET / HTTP/1.1\r\nX: a\r\n\r\n'],
  ['Host twice', withHost(`Host: ${HOST}\r\nHost: evil.test`)],
  ['Host twice, the same', withHost(`Host: ${HOST}\r\nHost: ${HOST}`)],
  ['Host folded', withHost(`Host:\r\n ${HOST}`)],
  ['a folded line behind Host', withHost(`Host: evil.test\r\n ${HOST}`)],
  ['a blank before the colon of Host', withHost(`Host : ${HOST}`)],
  ['a blank before Host', `GET / HTTP/1.1\r\n Host: ${HOST}\r\n\r\n`],
  ...[
    `${HOST}, evil.test`,
    `${HOST} evil.test`,
    `evil.test@${HOST}`,
    `${HOST}@evil.test`,
    `${HOST}/evil`,
    `${HOST}?`,
    `${HOST}#`,
    `${HOST}\\evil`,
    `${HOST}:80:80`,
    `${HOST}:8a`,
    `${HOST}:-1`,
    `${HOST}%00`,
    `${HOST}\0.evil.test`,
    `notes-ab12%2ecloud.test`,
    `notes-ab12\xe3\x80\x82cloud.test`,
    `notes-ab12.cloud.te\xc5\xbft`,
    `[::1]${HOST}`,
    `"${HOST}"`,
    `${HOST}..`,
    `.${HOST}`,
    `http://${HOST}`,
    '',
  ].map((host): Row => [`Host ${JSON.stringify(host)}`, withHost(`Host: ${host}`)]),
]

const NAMES: readonly Row[] = [
  ['a field without a name', get(': a')],
  ['a field without a colon', get('GET /smuggled HTTP/1.1')],
  ['a name with a slash', get('X/Y: a')],
  ['a name in brackets', get('[X]: a')],
  ['a name with UTF-8', get('X-\xc3\xa9: a')],
  ['a name with a quote', get('X": a')],
  ['a value with NUL', get('X: a\0b')],
  ['a value with a bare CR', get('X: a\rb')],
  ['a value with DEL', get('X: a\x7fb')],
  ['a folded value', get('X: a\r\n b')],
  ['an empty folded line', get('X: a\r\n ')],
  ['too many fields', get(...Array.from({ length: 300 }, (_, index) => `X-${index}: a`))],
  ['a header section that is too large', get(`X: ${'a'.repeat(50_000)}`)],
  ['a head that ends in LF CR LF', `GET / HTTP/1.1\r\nHost: ${HOST}\n\r\n${SMUGGLED}`],
  ['a head that ends in LF LF', `GET / HTTP/1.1\r\nHost: ${HOST}\r\nX: a\n\n${SMUGGLED}`],
  ['a head that ends in CR CR LF', `GET / HTTP/1.1\r\nHost: ${HOST}\r\nX: a\r\r\n\r\n${SMUGGLED}`],
]

const isBody = (...fields: readonly string[]): string =>
  post([...fields, `Content-Length: ${SMUGGLED.length}`], SMUGGLED)

/** One reading, in which the smuggled request is what it says it is: the body of the first one. */
const BODIES: readonly Row[] = [
  ['CL.0', isBody()],
  ['CL.0 that is to be closed', isBody('Connection: close')],
  ['CL.0 with Connection naming Content-Length', isBody('Connection: Content-Length')],
  ['CL.0 with a tab before its length', post([`Content-Length:\t${SMUGGLED.length}`], SMUGGLED)],
  ['CL.0 with blanks behind its length', post([`Content-Length: ${SMUGGLED.length} \t`], SMUGGLED)],
  ['CL.0 of a GET', request('GET / HTTP/1.1', [`Content-Length: ${SMUGGLED.length}`], SMUGGLED)],
  ['CL.0 of a HEAD', request('HEAD / HTTP/1.1', [`Content-Length: ${SMUGGLED.length}`], SMUGGLED)],
  ['CL.0 of OPTIONS', request('OPTIONS / HTTP/1.1', [`Content-Length: ${SMUGGLED.length}`], SMUGGLED)],
  ['CL.0 of HTTP/1.0', request('POST / HTTP/1.0', [`Content-Length: ${SMUGGLED.length}`], SMUGGLED)],
  ['TE.0', withChunks(`${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`)],
  ['TE.0 of OPTIONS', request('OPTIONS / HTTP/1.1', [CHUNKED], `3\r\nabc\r\n0\r\n\r\n`)],
  ['TE in upper case alone', post(['TRANSFER-ENCODING: CHUNKED'], '3\r\nabc\r\n0\r\n\r\n')],
  ['a chunk extension that looks like a chunk', withChunks('3;0\r\nabc\r\n0;3\r\n\r\n')],
  ['a quoted extension with a request', withChunks('3;a="GET /smuggled HTTP/1.1"\r\nabc\r\n0\r\n\r\n')],
  ['Content_Length beside Content-Length', isBody('Content_Length: 0')],
  ['Transfer_Encoding beside Content-Length', isBody('Transfer_Encoding: chunked')],
  ['Transfer.Encoding beside Content-Length', isBody('Transfer.Encoding: chunked')],
  ['X-Transfer-Encoding beside Content-Length', isBody('X-Transfer-Encoding: chunked')],
  ['Content-Encoding: chunked beside Content-Length', isBody('Content-Encoding: chunked')],
  ['TE: chunked beside Content-Length', isBody('TE: chunked')],
  ['Trailer: Content-Length', isBody('Trailer: Content-Length')],
  ['Expect', isBody('Expect: 100-continue')],
  ['an obfuscated Expect', isBody('Expect: y 100-continue')],
  ['Expect twice', isBody('Expect: 100-continue', 'Expect: 100-continue')],
  ['h2c with a body', isBody('Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMA')],
  ['WebSocket with a body', isBody('Connection: Upgrade', 'Upgrade: websocket')],
  ['h2c', get('Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMA')],
  ['h2c behind another protocol', get('Connection: Upgrade', 'Upgrade: foo, h2c')],
  ['h2c in a second Upgrade', get('Connection: Upgrade', 'Upgrade: foo', 'Upgrade: h2c')],
  ['h2c that Connection does not name', get('Upgrade: h2c', 'HTTP2-Settings: AAMA')],
  ['Connection naming Host', get('Connection: Host')],
  ['Connection naming Transfer-Encoding', post(['Connection: Transfer-Encoding', CHUNKED], '0\r\n\r\n')],
  ['Keep-Alive with a length', isBody('Keep-Alive: timeout=5, Content-Length: 0')],
  ['an absolute target of the same host', request(`GET http://${HOST}/ HTTP/1.1`, [])],
  ['one empty line before', `\r\n${get()}`],
  ['four empty lines before', `${'\r\n'.repeat(4)}${get()}`],
  ['a trailer that frames', withTrailers('Content-Length: 50\r\n')],
  ['a trailer that codes', withTrailers('Transfer-Encoding: chunked\r\n')],
  ['a trailer that routes', withTrailers('Host: evil.test\r\n')],
  ['a trailer that claims', withTrailers('X-Space-Principal: user:1\r\nX_Forwarded-For: ::1\r\n')],
]

/** Heads that promise more than comes: the request never happens for the app, or is cut. */
const CUT: readonly Row[] = [
  ['0.CL: a length, and a request that is only its begin', post(['Content-Length: 1000'], SMUGGLED)],
  ['a chunked body that never ends', withChunks(`3\r\nabc\r\n`)],
  ['a chunked body that ends before its trailers do', withChunks('0\r\nX: a\r\n')],
  ['a chunk that holds more than came', withChunks(`fff\r\n${SMUGGLED}`)],
]

export const PROBES: readonly Probe[] = [
  ...refused(ODD_OCTETS.filter((row) => !isPartOfValue(row))),
  ...passed([...'\t \x85\xa0\xff'].map(valueOfAnother)),
  ...refused(TRANSFER_CODINGS),
  ...refused(CONTENT_LENGTHS),
  ...refused(CHUNKS),
  ...refused(BAD_TRAILERS),
  ...refused(REQUEST_LINES),
  ...refused(HOSTS),
  ...refused(NAMES),
  ...passed(BODIES),
  ...refused(CUT),
]

/** Pause-based: the second half comes when the first has been answered, early, by an app that has not read it all. */
export const PAUSED: readonly {
  readonly name: string
  readonly halves: readonly [string, string]
  /** Requests that there are, by the one reading of both halves. */
  readonly requests?: number
}[] = [
  { name: '0.CL', halves: [post([`Content-Length: ${SMUGGLED.length}`]), SMUGGLED] },
  { name: '0.CL of a GET', halves: [get(`Content-Length: ${SMUGGLED.length}`), SMUGGLED] },
  {
    name: 'Expect',
    halves: [post(['Expect: 100-continue', `Content-Length: ${SMUGGLED.length}`]), SMUGGLED],
  },
  { name: 'an open chunk', halves: [withChunks('3\r\n'), SMUGGLED] },
  { name: 'chunks', halves: [withChunks(''), `${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`] },
  { name: 'a double desync', halves: [post(['Content-Length: 10']), `0123456789${SMUGGLED}`], requests: 2 },
]
