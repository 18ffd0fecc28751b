import Type, { type Static } from 'typebox'

// The descriptions are shown by editors (mesh.schema.json), and as hints when something is wrong.

const strict = { additionalProperties: false }

/** A DNS label: it is the name of a host, too. */
export const namePattern = '^[a-z]([a-z0-9-]{0,29}[a-z0-9])?$'
export const durationPattern = '^(?!0+(\\.0+)?s$)[0-9]{1,3}(\\.[0-9]{1,3})?s$'
export const sizePattern = '^[1-9][0-9]{0,5}(MiB|GiB)$'
export const lifetimePattern = '^[1-9][0-9]{0,4}[smh]$'
/** A segment of a SPIFFE ID's path (SPIFFE-ID §2.2). */
const personPattern = '^(?!\\.{1,2}$)[A-Za-z0-9._-]{1,64}$'
/** SPIFFE-ID §2.1. */
export const trustDomainPattern = '^[a-z0-9._-]{1,255}$'

const Name = Type.String({
  pattern: namePattern,
  description: 'A workload: 1 to 31 characters, a to z, 0 to 9 and -, a letter first, no - at the end.',
})

const Workload = Type.Object(
  {
    serves: Type.Enum(['http', 'grpc'], { description: 'What the application speaks: http or grpc.' }),
    calls: Type.Optional(
      Type.Array(Name, { description: 'The workloads that it calls, as a list: [add, subtract].' }),
    ),
    replicas: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10,
        description: 'How many copies of it run, 1 to 10, from chapter 03 on; 1 if left out.',
      }),
    ),
  },
  { ...strict, description: 'An application: { serves: grpc }, and optionally calls and replicas.' },
)
export type Workload = Static<typeof Workload>

const Gateway = Type.Object(
  {
    calls: Type.Array(Name, {
      minItems: 1,
      maxItems: 1,
      description: 'The one workload behind it, as a list: [calculator].',
    }),
  },
  { ...strict, description: 'The front Envoy: { calls: [calculator] }.' },
)

const Sidecars = Type.Object(
  {
    timeout: Type.String({
      pattern: durationPattern,
      description: 'The longest that a request may take, in seconds, more than 0s and at most 10s: 5s, 0.5s.',
    }),
    max_connections: Type.Integer({
      minimum: 1,
      maximum: 10_000,
      description: 'How many connections one Envoy may have to one upstream, 1 to 10000.',
    }),
    max_requests: Type.Integer({
      minimum: 1,
      maximum: 100_000,
      description: 'How many requests one Envoy may have at one upstream at the same time, 1 to 100000.',
    }),
    max_heap: Type.String({
      pattern: sizePattern,
      description: 'How much memory one Envoy may use, at least 32MiB: 256MiB, 1GiB.',
    }),
  },
  { ...strict, description: 'What every Envoy allows: timeout, max_connections, max_requests, max_heap.' },
)
export type Sidecars = Static<typeof Sidecars>

const lifetime = (what: string, example: string) =>
  Type.String({ pattern: lifetimePattern, description: `${what}, in s, m or h: ${example}.` })

const Identity = Type.Object(
  {
    trust_domain: Type.String({
      pattern: trustDomainPattern,
      description: 'What all names begin with: a to z, 0 to 9, ".", "-" and "_", as in hardway.test.',
    }),
    authority_ttl: lifetime('How long a signing certificate is valid', '24h'),
    svid_ttl: lifetime('How long the certificate of a pod is valid', '1h'),
  },
  { ...strict, description: 'Who signs what a pod is called: trust_domain, authority_ttl, svid_ttl.' },
)
export type Identity = Static<typeof Identity>

const Jwt = Type.Object(
  {
    audience: Type.String({
      pattern: namePattern,
      description: 'The workload that tokens are made for, as in calculator; they travel on from there.',
    }),
    ttl: lifetime('How long a token is valid', '5m'),
  },
  { ...strict, description: 'What people show: audience, ttl.' },
)
export type Jwt = Static<typeof Jwt>

const Person = Type.Object(
  {
    may: Type.Array(Name, { description: 'The operations that this person may ask for, as a list: [add].' }),
  },
  { ...strict, description: 'A person: { may: [add, subtract] }.' },
)

const Authorization = Type.Object(
  {
    timeout: Type.String({
      pattern: durationPattern,
      description: 'How long an Envoy waits for OPA, in seconds: 0.25s; less than a whole request may take.',
    }),
    people: Type.Record(Type.String({ pattern: personPattern }), Person, {
      ...strict,
      title: 'person',
      description: 'Who may do what, by name: 1 to 64 letters, digits, ".", "-" and "_", not "." or "..".',
    }),
  },
  { ...strict, description: 'Who may do what: timeout, people. Who may call whom is said by calls.' },
)
export type Authorization = Static<typeof Authorization>

const Logs = Type.Object(
  {
    flush: Type.String({
      pattern: durationPattern,
      description: 'How long a line may wait until it is written, in seconds, at most 10s: 0.25s.',
    }),
    buffer: Type.String({
      pattern: sizePattern,
      description: 'How much of a log may wait for a reader who does not read, at most 64MiB: 1MiB.',
    }),
  },
  { ...strict, description: 'A line for each request, from everybody who saw it: flush, buffer.' },
)
export type Logs = Static<typeof Logs>

const Metrics = Type.Object(
  {
    interval: Type.String({
      pattern: durationPattern,
      description: "How often everybody's numbers are read, in seconds: 5s.",
    }),
    retention: lifetime('How long numbers are kept', '24h'),
  },
  { ...strict, description: 'How numbers are read and kept: interval, retention.' },
)
export type Metrics = Static<typeof Metrics>

const Tracing = Type.Object(
  {
    sampling: Type.Number({
      minimum: 0,
      maximum: 100,
      description: 'How many of a hundred requests are traced, 0 to 100, fractions too: 100, 1, 0.1.',
    }),
    max_spans: Type.Integer({
      minimum: 1000,
      maximum: 100_000,
      description: 'How many spans are kept, 1000 to 100000; the oldest traces go first.',
    }),
  },
  { ...strict, description: 'Where the time of a request went: sampling, max_spans.' },
)
export type Tracing = Static<typeof Tracing>

/** The definition of the mesh, as written in mesh.yaml. */
export const Mesh = Type.Object(
  {
    monolith: Type.Optional(Workload),
    workloads: Type.Optional(
      Type.Record(Name, Workload, {
        ...strict,
        title: 'workload',
        minProperties: 1,
        description:
          'Who runs, by name: 1 to 31 characters, a to z, 0 to 9 and -, a letter first, no - at the end.',
      }),
    ),
    gateway: Type.Optional(Gateway),
    sidecars: Type.Optional(Sidecars),
    identity: Type.Optional(Identity),
    jwt: Type.Optional(Jwt),
    authorization: Type.Optional(Authorization),
    logs: Type.Optional(Logs),
    metrics: Type.Optional(Metrics),
    tracing: Type.Optional(Tracing),
  },
  {
    ...strict,
    description:
      'The sections: monolith, workloads, gateway, sidecars, identity, jwt, authorization, logs, metrics, tracing.',
  },
)
export type Mesh = Static<typeof Mesh>
