import { chapter } from '@hardway/compiler'
import { expect, test } from 'vitest'
import { readMesh } from '../definition.ts'
import { subjectsOf } from './subject.ts'

const names = (...chapters: string[]) =>
  subjectsOf(chapters.map(chapter), readMesh()).map(({ name, against }) => [name, ...against])

test('each chapter is compared with the one before, and with the least by hand that does the same', () => {
  expect(names('1', '2', '3')).toEqual([
    ['01-monolith'],
    ['02-services', '01-monolith'],
    ['03-envoy', '02-services', 'plain'],
    ['03-envoy-again', '03-envoy'],
    ['plain'],
    ['mtls', 'plain'],
  ])
})

test('without Envoys there is nothing to write by hand; the last chapter is always measured twice', () => {
  expect(names('2')).toEqual([['02-services'], ['02-services-again', '02-services']])
})
