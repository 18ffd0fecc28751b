import { expect, test } from 'vitest'
import { chapter, meshOf } from './chapter.ts'

const monolith = { serves: 'http' as const }
const workloads = { add: { serves: 'grpc' as const } }

test('a chapter is found by its number and by its slug', () => {
  expect(chapter('2')).toBe(chapter('02-services'))
  expect(chapter('02')).toBe(chapter('02-services'))
})

test('a chapter that nobody wrote is an error that names the others', () => {
  expect(() => chapter('99')).toThrow('The chapters are: 01-monolith, 02-services')
})

test('a chapter sees its own sections only', () => {
  expect(meshOf({ monolith, workloads }, chapter('1'))).toEqual({ monolith })
  expect(meshOf({ monolith, workloads }, chapter('2'))).toEqual({ workloads })
})

test('a section that a chapter needs and that is not there is an error', () => {
  expect(() => meshOf({ monolith, workloads }, chapter('3'))).toThrow(
    'mesh.yaml: there is no section "gateway", which chapter 03-envoy needs (missing_section)',
  )
})
