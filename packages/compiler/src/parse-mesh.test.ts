import { expect, test } from 'vitest'
import { MeshError, type MeshErrorCode } from './error.ts'
import { parseDefinition, parseMesh } from './parse-mesh.ts'

const good = `monolith: { serves: http }
workloads:
  calculator: { serves: http, calls: [add, subtract] }
  add: { serves: grpc, replicas: 2 }
  subtract: { serves: grpc }
gateway: { calls: [calculator] }
sidecars:
  timeout: 5s
  max_connections: 100
  max_requests: 1000
  max_heap: 256MiB
`

test('reads a definition', () => {
  expect(parseMesh(good)).toEqual({
    monolith: { serves: 'http' },
    workloads: {
      calculator: { serves: 'http', calls: ['add', 'subtract'] },
      add: { serves: 'grpc', replicas: 2 },
      subtract: { serves: 'grpc' },
    },
    gateway: { calls: ['calculator'] },
    sidecars: { timeout: '5s', max_connections: 100, max_requests: 1000, max_heap: '256MiB' },
  })
})

/** What is wrong, how the good one becomes so, and where and how that is said. */
type Case = [what: string, from: string, to: string, code: MeshErrorCode, place: string, says: string]

const cases: Case[] = [
  ['a bracket that is not closed', '[calculator] }', '[calculator }', 'syntax', '6:31', 'not YAML yet'],
  ['a tab that indents', '  add:', '\tadd:', 'syntax', '4:1', 'not YAML yet'],
  ['a tag that nobody knows', 'timeout: 5s', 'timeout: !seconds 5', 'syntax', '8:12', '!seconds'],
  ['an alias', 'timeout: 5s', 'timeout: *five', 'syntax', '8:12', 'Write it out'],
  ['nothing at all', good, '', 'empty', '1:1', 'mesh.schema.json'],
  ['comments only', good, '# nothing yet\n', 'empty', '1:1', 'mesh.schema.json'],
  ['a key that is there twice', '  subtract: {', '  add: {', 'duplicate_key', '5:3', 'Keep one of the two'],
  [
    'a list instead of sections',
    good,
    '- workloads\n',
    'wrong_type',
    '1:1',
    'The sections: monolith, workloads',
  ],
  [
    'a section that is misspelt',
    'workloads:',
    'workload:',
    'unknown_key',
    '2:1',
    'Did you mean "workloads"?',
  ],
  [
    'a section of another kind',
    'gateway:',
    'door:',
    'unknown_key',
    '6:1',
    'The sections: monolith, workloads',
  ],
  ['a key that is misspelt', 'replicas: 2', 'replica: 2', 'unknown_key', '4:24', 'Did you mean "replicas"?'],
  ['a limit that is misspelt', 'max_heap', 'heap_max', 'unknown_key', '11:3', 'timeout, max_connections'],
  ['a key that is missing', '{ serves: grpc }', '{}', 'missing_key', '5:3', 'http or grpc'],
  ['a limit that is missing', '  timeout: 5s\n', '', 'missing_key', '7:1', 'in seconds'],
  [
    'one name instead of a list',
    '[add, subtract]',
    'add',
    'wrong_type',
    '3:31',
    'as a list: [add, subtract]',
  ],
  ['a word instead of a number', 'replicas: 2', 'replicas: two', 'wrong_type', '4:24', '1 to 10'],
  ['a half copy', 'replicas: 2', 'replicas: 1.5', 'wrong_type', '4:24', '1 to 10'],
  ['a workload without anything', '{ serves: grpc }', '', 'wrong_type', '5:3', '{ serves: grpc }'],
  ['a protocol of another kind', 'serves: grpc }', 'serves: soap }', 'not_one_of', '5:15', 'http or grpc'],
  ['no copy', 'replicas: 2', 'replicas: 0', 'out_of_range', '4:24', '1 to 10'],
  ['too many copies', 'replicas: 2', 'replicas: 11', 'out_of_range', '4:24', '1 to 10'],
  [
    'a gateway with two workloads',
    '[calculator]',
    '[calculator, add]',
    'out_of_range',
    '6:12',
    'The one workload',
  ],
  ['a gateway without any', '[calculator]', '[]', 'out_of_range', '6:12', 'The one workload'],
  ['no connection at all', ': 100\n', ': 0\n', 'out_of_range', '9:3', '1 to 10000'],
  ['a timeout that is too long', '5s', '11s', 'out_of_range', '8:3', 'At most 10s'],
  ['a heap that no Envoy can live in', '256MiB', '16MiB', 'out_of_range', '11:3', 'At least 32MiB'],
  ['a name that is no host', '  add:', '  Add_1:', 'bad_name', '4:3', 'a to z, 0 to 9 and -'],
  ['a name that is too long', '  add:', `  ${'a'.repeat(32)}:`, 'bad_name', '4:3', '1 to 31 characters'],
  ['a call of what is no name', '[add,', '[add!,', 'bad_name', '3:39', 'a to z, 0 to 9 and -'],
  ['a duration without its unit', '5s', '5', 'wrong_type', '8:3', '5s, 0.5s'],
  ['a duration in another unit', '5s', '500ms', 'bad_duration', '8:3', '5s, 0.5s'],
  ['a duration of nothing', '5s', '0.0s', 'bad_duration', '8:3', 'more than 0s'],
  ['a size in another unit', '256MiB', '256MB', 'bad_size', '11:3', '256MiB, 1GiB'],
  ['a name that means the front Envoy', 'subtract', 'gateway', 'reserved_name', '5:3', 'the front Envoy'],
  ['a name that means the application', 'subtract', 'application', 'reserved_name', '5:3', 'each sidecar'],
  ["a name that is a copy's", 'subtract', 'add-2', 'duplicate_name', '5:3', 'add-2-envoy'],
  ["a name that is a pod's", 'subtract', 'add-pod', 'duplicate_name', '5:3', 'choose another'],
  ["a name that is an Envoy's", 'subtract', 'add-envoy', 'duplicate_name', '5:3', 'choose another'],
  ["a name that is an OPA's", 'subtract', 'add-opa', 'duplicate_name', '5:3', 'choose another'],
  ["a name that is the gateway's OPA's", 'subtract', 'gateway-opa', 'duplicate_name', '5:3', 'gateway'],
  ['a name that means the OPA', 'subtract', 'opa', 'reserved_name', '5:3', 'the OPA beside it'],
  ['an upstream that is misspelt', '[add,', '[ad,', 'unknown_upstream', '3:39', 'Did you mean "add"?'],
  ['an upstream that is nobody', '[add,', '[moon,', 'unknown_upstream', '3:39', 'calculator, add, subtract'],
  [
    'an upstream that every object has',
    '[add,',
    '[constructor,',
    'unknown_upstream',
    '3:39',
    'workloads are',
  ],
  ['an upstream twice', '[add, subtract]', '[add, add]', 'duplicate_upstream', '3:44', 'Once is enough'],
  ['one that calls itself', '[add,', '[calculator,', 'calls_itself', '3:39', 'leave it out'],
  [
    'calls that go round',
    'subtract: { serves: grpc',
    'subtract: { serves: grpc, calls: [calculator]',
    'cycle',
    '5:37',
    'calculator -> subtract -> calculator',
  ],
  ['a gateway before nobody', '[calculator]', '[calulator]', 'unknown_upstream', '6:20', '"calculator"?'],
  ['a gateway before a gRPC service', '[calculator]', '[add]', 'wrong_protocol', '6:20', 'serves http'],
  [
    'sidecars without a gateway',
    'gateway: { calls: [calculator] }\n',
    '',
    'missing_section',
    '6:1',
    '"gateway"',
  ],
  [
    'a gateway without sidecars',
    good.slice(good.indexOf('sidecars')),
    '',
    'missing_section',
    '6:1',
    '"sidecars"',
  ],
]

test.each(cases)('%s', (_, from, to, code, place, says) => {
  // The positive control: what is changed is there.
  expect(good).toContain(from)
  const error = errorOf(last(good, from, to))
  expect(error).toMatchObject({ code, place: `mesh.yaml:${place}` })
  expect(error.message).toContain(says)
})

const withPeople = `${good}identity: { trust_domain: hardway.test, authority_ttl: 24h, svid_ttl: 1h }
jwt: { audience: calculator, ttl: 5m }
authorization:
  timeout: 0.25s
  people:
    alice: { may: [add, subtract] }
`

test('reads who may do what', () => {
  expect(parseMesh(withPeople).authorization).toEqual({
    timeout: '0.25s',
    people: { alice: { may: ['add', 'subtract'] } },
  })
  for (const name of ['Bob', 'b.o-b_2', '...', 'a'.repeat(64)]) {
    const { people } = parseMesh(withPeople.replace('alice', name)).authorization!
    expect(Object.keys(people)).toEqual([name])
  }
})

const casesWithPeople: Case[] = [
  ['a name with a slash', 'alice:', 'alice/evil:', 'bad_name', '17:5', 'letters, digits, ".", "-" and "_"'],
  ['a name that leads upwards', 'alice:', '"..":', 'bad_name', '17:5', 'cannot be the name of a person'],
  ['a name that is empty', 'alice:', '"":', 'bad_name', '17:5', '1 to 64'],
  ['a name with an umlaut', 'alice:', 'älice:', 'bad_name', '17:5', 'cannot be the name of a person'],
  ['a name that is escaped', 'alice:', 'al%69ce:', 'bad_name', '17:5', 'cannot be the name of a person'],
  ['a person of whom nothing is said', '{ may: [add, subtract] }', '{}', 'missing_key', '17:5', 'as a list'],
  ['one who may what he likes', '[add, subtract]', '"*"', 'wrong_type', '17:14', 'as a list: [add]'],
  ['an operation misspelt', 'subtract]', 'substract]', 'unknown_operation', '17:25', 'mean "subtract"?'],
  ['an operation of nobody', 'subtract]', 'evaluate]', 'unknown_operation', '17:25', 'are: add, subtract'],
  ['no operation', '[add, subtract]', '[calculator]', 'unknown_operation', '17:20', 'no operation'],
  ['an operation twice', 'subtract]', 'add]', 'duplicate_operation', '17:25', 'Once is enough'],
  ['a decision in no time', '0.25s', '0s', 'bad_duration', '15:3', '0.25s'],
  ['a decision that takes too long', '0.25s', '5s', 'out_of_range', '15:3', 'Less than a whole request'],
  [
    'people without tokens',
    'jwt: { audience: calculator, ttl: 5m }\n',
    '',
    'missing_section',
    '13:1',
    '"jwt"',
  ],
]

test.each(casesWithPeople)('with people, %s', (_, from, to, code, place, says) => {
  expect(withPeople).toContain(from)
  const error = errorOf(last(withPeople, from, to))
  expect(error).toMatchObject({ code, place: `mesh.yaml:${place}` })
  expect(error.message).toContain(says)
})

const withLogs = `${good}logs: { flush: 0.25s, buffer: 1MiB }
`

test('reads what is logged', () => {
  expect(parseMesh(withLogs).logs).toEqual({ flush: '0.25s', buffer: '1MiB' })
})

const casesWithLogs: Case[] = [
  ['lines that never come', '0.25s', '0s', 'bad_duration', '12:9', '0.25s'],
  ['lines that come when nobody looks any more', '0.25s', '10.5s', 'out_of_range', '12:9', 'At most 10s'],
  ['no buffer', ', buffer: 1MiB', '', 'missing_key', '12:1', '1MiB'],
  ['a buffer that is all the memory', '1MiB', '65MiB', 'out_of_range', '12:23', 'At most 64MiB'],
  [
    'logs of nobody',
    withLogs.slice(withLogs.indexOf('gateway'), withLogs.indexOf('logs')),
    '',
    'missing_section',
    '6:1',
    '"gateway"',
  ],
]

test.each(casesWithLogs)('with logs, %s', (_, from, to, code, place, says) => {
  expect(withLogs).toContain(from)
  const error = errorOf(last(withLogs, from, to))
  expect(error).toMatchObject({ code, place: `mesh.yaml:${place}` })
  expect(error.message).toContain(says)
})

test('tells of the shape before the meaning, and of the first in the file', () => {
  const text = good.replace('[add, subtract]', '[add, moon]').replace('max_heap: 256MiB', 'max_heap: 1')
  expect(errorOf(text)).toMatchObject({ code: 'wrong_type', place: 'mesh.yaml:11:3' })
})

test('a chain of calls may be long', () => {
  const names = Array.from({ length: 3000 }, (_, index) => `w-${index}`)
  const workloads = names.map(
    (name, index) => `  ${name}: { serves: grpc, calls: [${names[index + 1] ?? ''}] }`,
  )
  expect(Object.keys(parseMesh(`workloads:\n${workloads.join('\n')}`).workloads!)).toHaveLength(3000)
})

test('says where a part stands, or what it would be in', () => {
  const { placeOf } = parseDefinition(good, 'other.yaml')
  expect(placeOf(['workloads', 'add', 'replicas'])).toBe('other.yaml:4:24')
  expect(placeOf(['workloads', 'calculator', 'calls', '1'])).toBe('other.yaml:3:44')
  expect(placeOf(['workloads', 'subtract', 'calls', '0'])).toBe('other.yaml:5:3')
})

/** Replaces the last occurrence. */
function last(text: string, from: string, to: string): string {
  const index = text.lastIndexOf(from)
  return text.slice(0, index) + to + text.slice(index + from.length)
}

function errorOf(text: string): MeshError {
  try {
    parseMesh(text)
  } catch (error) {
    expect(error).toBeInstanceOf(MeshError)
    return error as MeshError
  }
  throw new Error('nothing is wrong with it')
}

const withNumbers = `${good}identity: { trust_domain: hardway.test, authority_ttl: 24h, svid_ttl: 1h }
metrics: { interval: 5s, retention: 24h }
`

test('reads how numbers are read and kept', () => {
  expect(parseMesh(withNumbers).metrics).toEqual({ interval: '5s', retention: '24h' })
})

const casesWithNumbers: Case[] = [
  ['numbers that are read all the time', 'l: 5s', 'l: 0.5s', 'out_of_range', '13:12', 'At least 1s'],
  ['numbers of nobody', 'subtract', 'prometheus', 'reserved_name', '5:3', 'the pod of Prometheus'],
  ['a workload where strangers are', 'subtract', 'outside', 'reserved_name', '5:3', 'reach the gateway'],
  ['numbers without identities', withNumbers.split('\n')[11]!, '', 'missing_section', '13:1', 'over mTLS'],
]

test.each(casesWithNumbers)('with numbers, %s', (_, from, to, code, place, says) => {
  expect(withNumbers).toContain(from)
  const error = errorOf(last(withNumbers, from, to))
  expect(error).toMatchObject({ code, place: `mesh.yaml:${place}` })
  expect(error.message).toContain(says)
})

const withTraces = withNumbers.replace(/metrics: .*/, 'tracing: { sampling: 12.5, max_spans: 5000 }')

test('reads how many requests are traced', () => {
  expect(parseMesh(withTraces).tracing).toEqual({ sampling: 12.5, max_spans: 5000 })
})

const casesWithTraces: Case[] = [
  ['more traces than requests', '12.5', '101', 'out_of_range', '13:12', '0 to 100'],
  ['too few spans to make one trace of', '5000', '10', 'out_of_range', '13:28', '1000 to 100000'],
  ['spans of nobody', 'subtract', 'zipkin', 'reserved_name', '5:3', 'the pod of Zipkin'],
  ['a workload where spans go', 'subtract', 'spans', 'reserved_name', '5:3', 'its way to Zipkin'],
  ['spans without identities', withTraces.split('\n')[11]!, '', 'missing_section', '13:1', 'over mTLS'],
]

test.each(casesWithTraces)('with traces, %s', (_, from, to, code, place, says) => {
  expect(withTraces).toContain(from)
  const error = errorOf(last(withTraces, from, to))
  expect(error).toMatchObject({ code, place: `mesh.yaml:${place}` })
  expect(error.message).toContain(says)
})
