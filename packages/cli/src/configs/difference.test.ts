import { expect, test } from 'vitest'
import { difference } from './difference.ts'

const files = new Map([
  ['envoy/01-a/same.yaml', 'same\n'],
  ['envoy/02-b/same.yaml', 'same\n'],
  ['envoy/01-a/changed.yaml', 'one\ntwo\n'],
  ['envoy/02-b/changed.yaml', 'one\n2\n'],
  ['deploy/01-a/gone.yaml', 'gone\n'],
  ['deploy/02-b/new.yaml', 'new\n'],
  ['envoy/03-c/other.yaml', 'other\n'],
])

test('shows what changed, and names what is gone and what is new', () => {
  expect(difference(files, '01-a', '02-b')).toBe(`Only in deploy/01-a: gone.yaml
Only in deploy/02-b: new.yaml
--- envoy/01-a/changed.yaml
+++ envoy/02-b/changed.yaml
@@ -1,2 +1,2 @@
 one
-two
+2
`)
})

test('a chapter does not differ from itself', () => {
  expect(difference(files, '01-a', '01-a')).toBe('')
})
