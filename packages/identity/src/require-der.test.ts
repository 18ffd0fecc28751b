import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IdentityError } from './error.ts'
import { forgeLeaf } from './forge/certificate.ts'
import { requireDer } from './require-der.ts'
import { home, id } from './rules/trust-domains.ts'
import { parseCertificate } from './x509/certificate.ts'

const right: [what: string, hex: string][] = [
  ['an empty sequence', '3000'],
  ['a long length', `048180${'00'.repeat(128)}`],
  ['a time', '170d3236303630313132303030305a'],
  ['an integer that needs its zero', '02020080'],
  ['a negative integer', '0202ff7f'],
]
const wrong: [what: string, hex: string][] = [
  ['nothing', ''],
  ['bytes after the end', '300000'],
  ['an indefinite length', '30800000'],
  ['a length that is longer than needed', '048101aa'],
  ['a length with a leading zero', `04820080${'00'.repeat(128)}`],
  ['a length beyond the end', '3005020101'],
  ['a part beyond the end of the whole', '3003020201'],
  ['a tag without a length', '30'],
  ['a long tag', '1f8101'],
  ['a BOOLEAN of 01', '010101'],
  ['an INTEGER with a leading zero', '02020001'],
  ['an INTEGER with a leading FF', '0202ff80'],
  ['an empty INTEGER', '0200'],
  ['a BIT STRING whose unused bits are set', '03020101'],
  ['a BIT STRING with 8 unused bits', '03020800'],
  ['an empty BIT STRING', '0300'],
  ['a time without seconds', '170b323630363031313230305a'],
  ['a time of another zone', '1711323630363031313230303030 2b30313030'.replace(' ', '')],
  ['deep nesting', nested(40)],
]

function nested(depth: number): string {
  let bytes = Buffer.alloc(0)
  for (let level = 0; level < depth; level++) bytes = Buffer.concat([Buffer.of(0x30, bytes.length), bytes])
  return bytes.toString('hex')
}

test.for(right)('%s is DER', ([, hex]) => {
  requireDer(Buffer.from(hex, 'hex'))
})

test.for(wrong)('%s is not', ([, hex]) => {
  expect(() => requireDer(Buffer.from(hex, 'hex'))).toThrow('The certificate is not in DER')
})

test('any bytes are a certificate or refused in our own words', () => {
  const der = Buffer.from(forgeLeaf(home.x509, id))
  const change = fc.tuple(fc.nat(der.length - 1), fc.nat(255))
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), changes => {
      const changed = Buffer.from(der)
      for (const [at, value] of changes) changed[at] = value
      try {
        parseCertificate(changed)
      } catch (error) {
        expect(error).toBeInstanceOf(IdentityError)
      }
    }),
    { numRuns: 1000 },
  )
})
