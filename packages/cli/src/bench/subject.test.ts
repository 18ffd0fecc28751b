import { chapter } from '@hardway/compiler'
import { expect, test } from 'vitest'
import { readMesh } from '../definition.ts'
import { subjectsOf } from './subject.ts'

const names = (...chapters: string[]) =>
  subjectsOf(chapters.map(chapter), readMesh()).map(({ name, against }) => [name, ...against])

test('each chapter is compared with the one before, and with the least by hand that does the same and is measured before it', () => {
  expect(names('1', '2', '3', '4')).toEqual([
    ['01-monolith'],
    ['02-services', '01-monolith'],
    ['plain'],
    ['03-envoy', '02-services', 'plain'],
    ['mtls', 'plain'],
    ['04-mtls', '03-envoy', 'mtls'],
    ['04-mtls-again', '04-mtls'],
  ])
})

test('to look at requests is compared with not to look, once tracing all of them and once a few', () => {
  expect(names('6', '9')).toEqual([
    ['yes'],
    ['06-opa', 'yes'],
    ['09-zipkin-sampled', '06-opa'],
    ['09-zipkin', '06-opa'],
    ['09-zipkin-again', '09-zipkin'],
  ])
})

test('without Envoys there is nothing to write by hand; the last chapter is always measured twice', () => {
  expect(names('2')).toEqual([['02-services'], ['02-services-again', '02-services']])
})
