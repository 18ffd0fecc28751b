import { expect, test } from 'vitest'
import { parseCertificatePem, parsePem, renderCertificates, renderPem, unreadableLabels } from './pem.ts'

const ders = [Uint8Array.of(0x30, 0), new Uint8Array(48), new Uint8Array(49), new Uint8Array(500)]

test('reads what it writes', () => {
  expect(parseCertificatePem(renderCertificates(ders)).map(der => Uint8Array.from(der))).toEqual(ders)
})

test('writes no line of more than 64 characters, and no empty one', () => {
  for (const der of ders)
    expect(renderPem('CERTIFICATE', der)).toMatch(/^-----B.+\n(.{1,64}\n)+-----END CERTIFICATE-----\n$/)
})

test('reads Windows’ line ends, and passes over what stands between blocks', () => {
  const text = `leaf\n${renderPem('CERTIFICATE', ders[1]!)}\nissuer\n${renderPem('X', ders[0]!)}`.replaceAll(
    '\n',
    '\r\n',
  )
  expect(parsePem(text).map(({ label }) => label)).toEqual(['CERTIFICATE', 'X'])
})

test.for([
  ['nothing', '', 'no whole certificate'],
  ['a block that is cut off', renderPem('CERTIFICATE', ders[3]!).slice(0, 100), 'no whole certificate'],
  [
    'a whole one and one that is cut off',
    `${renderPem('CERTIFICATE', ders[3]!)}-----BEGIN CERTIFICATE-----\nAA`,
    'no whole',
  ],
  [
    'a private key',
    renderPem('CERTIFICATE', ders[1]!) + renderPem('PRIVATE KEY', ders[2]!),
    'holds a PRIVATE KEY',
  ],
])('a chain is not %s', ([, text, says]) => {
  expect(() => parseCertificatePem(text!)).toThrow(says)
})

test('says what a block is that it cannot read', () => {
  const old = '-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END EC PRIVATE KEY-----\n'
  expect(unreadableLabels(renderPem('CERTIFICATE', ders[1]!) + old)).toEqual(['EC PRIVATE KEY'])
})

test('a long text that is no PEM is read at once', () => {
  const start = performance.now()
  for (const filler of [' ', '\n', 'A', '-----BEGIN ', '-----BEGIN A-----']) {
    const text = `-----BEGIN CERTIFICATE-----${filler.repeat(200_000)}`
    expect(parsePem(text)).toEqual([])
    unreadableLabels(text)
  }
  expect(performance.now() - start).toBeLessThan(2000)
})
