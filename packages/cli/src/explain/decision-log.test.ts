import { expect, test } from 'vitest'
import type { LogLine } from '../platform.ts'
import { decided, decidedIn, newestDenial } from './decision-log.ts'

/** A line of OPA's log, as far as it is read. */
const line = (time: string, more: object = {}, request = 'one', opa = 'multiply-opa') => {
  const entry = {
    decision_id: 'c1f0',
    input: {
      attributes: {
        source: { principal: 'spiffe://hardway.test/calculator' },
        contextExtensions: { workload: 'spiffe://hardway.test/multiply' },
        metadataContext: {
          filterMetadata: {
            'envoy.filters.http.jwt_authn': { jwt: { sub: 'spiffe://hardway.test/client/bob' } },
          },
        },
        request: {
          http: {
            method: 'POST',
            path: '/calculator.v1.Multiply/Compute',
            headers: request === '' ? {} : { 'x-request-id': request },
          },
        },
      },
    },
    level: 'info',
    msg: 'Decision Log',
    timestamp: `2026-01-01T00:00:${time}Z`,
    ...more,
  }
  return { process: opa, text: JSON.stringify(entry) }
}

const denied = {
  result: {
    allowed: false,
    http_status: 403,
    body: '{"status":403,"needed":"multiply"}',
    dynamic_metadata: { allowed: false, rule: 'operations.allowed', reason: 'client/bob may not multiply' },
  },
}
const candidate = { allowed: false, rule: 'people.known' }
const differing = {
  result: { allowed: true, dynamic_metadata: { allowed: true, rule: 'a', dry_run: candidate } },
}

test('a denial is read', () => {
  expect(decidedIn(line('01', denied))).toEqual({
    time: '2026-01-01T00:00:01Z',
    request: 'one',
    person: 'client/bob',
    hop: { from: 'calculator', to: 'multiply', method: 'POST', path: '/calculator.v1.Multiply/Compute' },
    decision: {
      allowed: false,
      status: 403,
      rule: 'operations.allowed',
      reason: 'client/bob may not multiply',
      needed: 'multiply',
    },
  })
})

test('a denial is read as well by the names that all logs use', () => {
  const { process, text } = line('01', {
    input: {
      ...{ request_id: 'one', workload: 'multiply', peer: 'spiffe://hardway.test/calculator' },
      ...{
        person: 'spiffe://hardway.test/client/bob',
        method: 'POST',
        path: '/calculator.v1.Multiply/Compute',
      },
    },
    result: { ...denied.result.dynamic_metadata, status: 403, needed: 'multiply' },
  })
  expect(decidedIn({ process, text })).toEqual(decidedIn(line('01', denied)))
})

test('and what a candidate would decide otherwise', () => {
  expect(decidedIn(line('01', differing))?.decision).toEqual({ allowed: true, rule: 'a', dryRun: candidate })
})

test.each([
  ['the error', { error: { message: 'decision was undefined' } }, 'decision was undefined'],
  ['what made no sense', { result: 'yes' }, 'it made no sense'],
])('without a decision it is a 503, and says %s', (_, more, reason) => {
  expect(decidedIn(line('01', more))?.decision).toEqual({ allowed: false, status: 503, rule: 'none', reason })
})

test.each([
  { process: 'multiply-opa', text: '{"level":"info","msg":"Starting gRPC server."}' },
  { process: 'multiply-opa', text: '1 error occurred: policy.rego:1: rego_parse_error' },
  line('01', denied, 'one', 'multiply'),
])('other lines are passed over: %j', other => {
  expect(decidedIn(other)).toBeUndefined()
})

test('decisions are told in the order of time, whoever took them', async () => {
  const logs = async function* () {
    yield* [line('01.123', denied), line('00.5', denied), line('01.12', denied), line('01', denied)]
  }
  const all = await decided({ logs }, new AbortController().signal)
  const times = all.map(({ time }) => time.slice('2026-01-01T00:00:'.length, -1))
  expect(times).toEqual(['00.5', '01', '01.12', '01.123'])
})

test('the newest denial comes with all that is known of its request', () => {
  const all = (...lines: LogLine[]) => lines.map(line => decidedIn(line)!)
  const [first, , third] = all(
    line('01', differing, 'one'),
    line('02', denied, 'two'),
    line('03', denied, 'one'),
  )
  expect(
    newestDenial(all(line('01', differing, 'one'), line('02', denied, 'two'), line('03', denied, 'one'))),
  ).toEqual([first, third])
  expect(newestDenial(all(line('01', denied, ''), line('02', denied, ''))).length).toBe(1)
  expect(newestDenial(all(line('01', differing)))).toEqual([])
})
