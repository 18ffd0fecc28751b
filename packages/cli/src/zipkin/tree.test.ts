import { expect, test } from 'vitest'
import type { ZipkinSpan } from './span.ts'
import { showTree, treeOf } from './tree.ts'

const span = (id: string, parentId: string | undefined, timestamp: number, tags = {}): ZipkinSpan => ({
  traceId: 'a',
  id,
  ...(parentId === undefined ? {} : { parentId }),
  name: `span ${id}`,
  timestamp: 1_000_000 + timestamp,
  duration: 1_500,
  localEndpoint: { serviceName: 'add' },
  tags,
})

test('each span stands below the one that caused it, in the order of time', () => {
  const trace = [span('3', '1', 900), span('4', '2', 500), span('2', '1', 400), span('1', undefined, 0)]
  expect(showTree(treeOf(trace))).toEqual([
    'add: span 1          0.0 ms      1.5 ms',
    '  add: span 2        0.4 ms      1.5 ms',
    '    add: span 4      0.5 ms      1.5 ms',
    '  add: span 3        0.9 ms      1.5 ms',
  ])
})

test('one whose cause is not there stands for itself', () => {
  expect(treeOf([span('2', 'gone', 1), span('1', undefined, 0)]).map(({ span }) => span.id)).toEqual([
    '1',
    '2',
  ])
})

test('what went wrong is told', () => {
  const trouble = (tags: Record<string, string>) => showTree(treeOf([span('1', undefined, 0, tags)]))[0]
  expect(trouble({ reason: 'client/bob may not multiply', error: 'true' })).toMatch(
    /ms {2}client\/bob may not multiply$/,
  )
  expect(trouble({ details: 'jwt_authn_access_denied{Jwt_is_missing}' })).toMatch(/\{Jwt_is_missing\}$/)
  expect(trouble({ error: 'UNAVAILABLE' })).toMatch(/ms {2}UNAVAILABLE$/)
  expect(trouble({ error: 'true', response_flags: 'UF' })).toMatch(/ms {2}UF$/)
  expect(trouble({ details: 'via_upstream' })).toMatch(/ms$/)
})

test('nothing is a tree of nothing', () => {
  expect(showTree(treeOf([]))).toEqual([])
})
