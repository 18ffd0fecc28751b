import { createMetrics } from '@hardway/runtime'
import { expect, test } from 'vitest'
import { createCalculator } from './api.ts'

const fail = () => Promise.reject(new Error('not asked here'))

test('a request counts by its route; all paths that there are not count as one', async () => {
  const metrics = createMetrics()
  const add = async (a: { plus(b: never): never }, b: unknown) => a.plus(b as never)
  const app = createCalculator(
    { add: add as never, subtract: fail, multiply: fail },
    undefined,
    undefined,
    metrics,
  )
  await app.inject('/add?a=1&b=2')
  await app.inject('/add?a=1&b=x')
  for (const path of ['/one', '/two?a=1', '/add/three']) await app.inject(path)
  await app.inject({ method: 'POST', url: '/add' })
  const text = await metrics.text()
  const counted = [...text.matchAll(/^calculator_request_duration_seconds_count(\{.*\}) (\d+)$/gm)]
  expect(Object.fromEntries(counted.map(([, labels, count]) => [labels, Number(count)]))).toEqual({
    '{operation="/add",status="200"}': 1,
    '{operation="/add",status="400"}': 1,
    '{operation="no route",status="404"}': 3,
    '{operation="no route",status="405"}': 1,
  })
})
