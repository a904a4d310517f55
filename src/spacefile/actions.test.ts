import { describe, expect, test } from 'bun:test'
import { errorsOf, micro } from './testing/one-micro.ts'

describe('actions', () => {
  const action = (extra: string) =>
    micro(`actions:\n  - id: a\n    name: A\n    trigger: schedule\n    default_interval: 1 hour\n${extra}`)

  test.each([
    [
      'no id',
      micro('actions: [{name: a, trigger: schedule, default_interval: 1 hour}]'),
      'Action 1 needs `id`',
    ],
    ['another trigger', action('').replace('schedule', 'cron'), '`cron` is not a trigger'],
    ['a wrong interval', action('').replace('1 hour', 'hourly'), 'The interval of action `a` is invalid'],
    ['a long description', action(`    description: ${'x'.repeat(143)}`), 'longer than 142 characters'],
    ['an unknown field', action('    cron: x'), 'Unknown field `cron` in action `a`'],
    [
      'an id twice',
      action('  - {id: a, name: B, trigger: schedule, default_interval: 2 days}'),
      'Another action of this app has the id `a`',
    ],
    [
      'a name twice, in another micro',
      `${action('').replace('engine:', 'primary: true\n    engine:')}  - {name: b, src: ., engine: node, actions: [{id: b, name: A, trigger: schedule, default_interval: 1 day}]}`,
      'Another action of this app has the name `A`',
    ],
    [
      'six of them',
      micro(
        `actions:\n${[1, 2, 3, 4, 5, 6].map((n) => `  - {id: i${n}, name: n${n}, trigger: schedule, default_interval: 1 hour}`).join('\n')}`,
      ),
      '`actions` of micro `app` has 6 entries; the limit is 5',
    ],
  ])('%s is an error', (_name, text, message) => {
    expect(errorsOf(text).join('\n')).toContain(message)
  })
})
