import { createPublicKey, createSecretKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto'
import { calculateJwkThumbprint } from 'jose'
import { expect, test } from 'vitest'
import { generateKeyPair } from './key-pair.ts'
import { thumbprint } from './thumbprint.ts'

test('gives the thumbprint of the example in RFC 7638 §3.1', () => {
  const jwk: JsonWebKey = {
    kty: 'RSA',
    n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
    e: 'AQAB',
  }
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  expect(thumbprint(key)).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs')
})

test('is the same for both halves, and the same as that of jose', async () => {
  for (const { publicKey, privateKey } of [generateKeyPair(), generateKeyPairSync('ed25519')]) {
    const jwk = publicKey.export({ format: 'jwk' })
    expect(thumbprint(publicKey)).toBe(
      await calculateJwkThumbprint(jwk as Parameters<typeof calculateJwkThumbprint>[0]),
    )
    expect(thumbprint(privateKey)).toBe(thumbprint(publicKey))
  }
})

test('a secret has none', () => {
  expect(() => thumbprint(createSecretKey(Buffer.from('secret')))).toThrow('A secret key has no thumbprint')
})
