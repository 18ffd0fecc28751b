import { expect, test } from 'vitest'
import { segmentsOf } from './path.ts'

test.each([
  ['/multiply', ['multiply']],
  ['/multiply?a=6&b=7', ['multiply']],
  ['/calculator.v1.Add/Compute', ['calculator.v1.Add', 'Compute']],
  ['/', ['']],
  // One spelling for each path, as Envoy has it.
  ['//multiply', ['multiply']],
  ['/x/../multiply', ['multiply']],
  ['/%6dultiply', ['multiply']],
  // And these are others.
  ['/%256dultiply', ['%6dultiply']],
  ['/multiply/', ['multiply', '']],
  ['/multiply;x=y', ['multiply;x=y']],
  ['/MULTIPLY', ['MULTIPLY']],
])('%s is what policies know as %j', (path, segments) => {
  expect(segmentsOf(path)).toEqual(segments)
})

test.each(['/add%2F..%2Fmultiply', '/add%5c..', '/multiply%00', '/%ff'])(
  '%s is refused before any policy is asked',
  path => {
    expect(() => segmentsOf(path)).toThrow('Envoy answers 400')
  },
)

test('what does not begin with a / is no path', () => {
  expect(() => segmentsOf('multiply')).toThrow('The path begins with a /')
})
