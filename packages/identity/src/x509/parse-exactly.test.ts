import { rootCertificates } from 'node:tls'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IdentityError } from '../error.ts'
import { forgeLeaf } from '../forge/certificate.ts'
import { home, id } from '../rules/trust-domains.ts'
import { parseCertificate } from './certificate.ts'
import { parseCertificatePem } from './pem.ts'

const der = Buffer.from(forgeLeaf(home.x509, id, { dnsSans: ['add'] }))

/** A DER value; the parts of an OCTET STRING are those of the extension in it. */
interface Value {
  tag: number
  content: Buffer
  parts?: Value[]
}

/** How a value is written differently, as laxer readers would still take it. */
const mutations: Record<string, (value: Value) => Buffer> = {
  'a length that is longer than needed': value => {
    const content = contentOf(value)
    return Buffer.concat([Buffer.of(value.tag, 0x83, 0, content.length >> 8, content.length & 0xff), content])
  },
  'an indefinite length': value =>
    Buffer.concat([Buffer.of(value.tag | 0x20, 0x80), contentOf(value), Buffer.of(0, 0)]),
  'a byte that follows': value => Buffer.concat([write(value), Buffer.of(0)]),
  'a NULL that follows': value => Buffer.concat([write(value), Buffer.of(5, 0)]),
  'a part too many': value =>
    write({ tag: value.tag, content: Buffer.concat([contentOf(value), Buffer.of(5, 0)]) }),
  'the value twice': value => Buffer.concat([write(value), write(value)]),
  'another kind of encoding': value => write({ ...value, tag: value.tag ^ 0x20 }),
}

const count = all(read(der)[0]!).length

test('the values of a certificate are found', () => {
  expect(count).toBeGreaterThan(60)
  expect(write(read(der)[0]!)).toEqual(der)
})

test.for(Object.entries(mutations))(
  '%s, anywhere in a certificate, is refused or changes what it says',
  ([, mutate]) => {
    const before = said(der)
    for (let index = 0; index < count; index++) {
      const root = read(der)[0]!
      const target = all(root)[index]!
      const changed = mutate(target)
      Object.assign(target, { raw: changed })
      expect(said(write(root)), `value ${index}`).not.toEqual(before)
    }
  },
)

test('a month that is none, a time without seconds, and one of another zone are refused', () => {
  const [time] = /2606\d{8}Z/.exec(der.toString('latin1'))!
  const changed = (other: string) => {
    const root = read(der)[0]!
    const target = all(root).find(({ content }) => content.toString('latin1') === time)!
    target.content = Buffer.from(other)
    return () => parseCertificate(write(root))
  }
  expect(changed(time)).not.toThrow()
  for (const other of [
    `2613${time.slice(4)}`,
    `${time.slice(0, 10)}Z`,
    `${time.slice(0, 12)}+0100`,
    `260631${time.slice(6)}`,
  ]) {
    expect(changed(other)).toThrow(IdentityError)
  }
})

test('the certificates that the world uses are read, so nothing right is refused', () => {
  expect(rootCertificates.length).toBeGreaterThan(100)
  for (const pem of rootCertificates) for (const root of parseCertificatePem(pem)) parseCertificate(root)
})

test('any bytes are a certificate, or refused in our own words', () => {
  const change = fc.tuple(fc.nat(der.length - 1), fc.nat(255))
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), changes => {
      const changed = Buffer.from(der)
      for (const [at, value] of changes) changed[at] = value
      said(changed)
    }),
    { numRuns: 1000 },
  )
  const deep = Buffer.concat(Array.from({ length: 20_000 }, () => Buffer.of(0x30, 0x80)))
  expect(() => parseCertificate(deep)).toThrow(IdentityError)
})

/** What is read of a certificate; `refused` if nothing is. */
function said(bytes: Buffer) {
  try {
    const { der: _, toBeSigned: __, publicKey, ...rest } = parseCertificate(bytes)
    return { ...rest, key: publicKey.export({ format: 'jwk' }) }
  } catch (error) {
    if (error instanceof IdentityError) return 'refused'
    throw error
  }
}

function all(value: Value): Value[] {
  return [value, ...(value.parts ?? []).flatMap(all)]
}

function read(bytes: Buffer): Value[] {
  const values: Value[] = []
  for (let at = 0; at < bytes.length; ) {
    const size = bytes[at + 1]! < 0x80 ? 0 : bytes[at + 1]! & 0x7f
    const length = size === 0 ? bytes[at + 1]! : bytes.readUIntBE(at + 2, size)
    const start = at + 2 + size
    const value = { tag: bytes[at]!, content: bytes.subarray(start, start + length) }
    const nested = value.tag & 0x20 || (value.tag === 0x04 && [0x03, 0x04, 0x30].includes(value.content[0]!))
    values.push(nested ? { ...value, parts: read(value.content) } : value)
    at = start + length
  }
  return values
}

function write(value: Value): Buffer {
  if ('raw' in value) return value.raw as Buffer
  const content = contentOf(value)
  const { length } = content
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.of(value.tag, ...head), content])
}

function contentOf({ content, parts }: Value): Buffer {
  return parts ? Buffer.concat(parts.map(write)) : content
}
