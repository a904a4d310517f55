import { expect, test } from 'bun:test'
import { oldCompanions } from './old-companions.ts'

const constraintsFor = (...lines: string[]) => oldCompanions(lines, []).constraints

test.each([
  ['Flask==2.0.3', ['werkzeug<2.3']],
  ['flask~=2.1.0', ['werkzeug<2.3']],
  ['flask>=2.0,<2.2', ['werkzeug<2.3']],
  ['flask==2.0.*', ['werkzeug<2.3']],
  ['Flask==1.1.2', ['werkzeug<2.1', 'jinja2<3.1', 'itsdangerous<2.1', 'markupsafe<2.1', 'click<8.1']],
  ['passlib[bcrypt]', ['bcrypt<4.1']],
  ['Flask', []],
  ['flask>=2.0', []],
  ['flask~=2.0', []],
  ['Flask==2.2.5', []],
  ['flask==3.0.0', []],
  ['not-flask==1.0', []],
])('%s needs %j', (line, constraints) => {
  expect(constraintsFor(line)).toEqual(constraints)
})

test('a version that the project lists stays, and a name without a version is bounded', () => {
  expect(constraintsFor('flask==2.0.3', 'werkzeug==2.0.3')).toEqual([])
  expect(constraintsFor('flask==2.0.3', 'Werkzeug')).toEqual(['werkzeug<2.3'])
  expect(oldCompanions(['flask==2.0.3'], ['werkzeug<2.1']).constraints).toEqual([])
})

test('the log says which packages are bounded, and why', () => {
  expect(oldCompanions(['flask==2.0.3'], []).notices).toEqual([
    'flask==2.0.3 fails with newer packages: installing werkzeug<2.3',
  ])
})
