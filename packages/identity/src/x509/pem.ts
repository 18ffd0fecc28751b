import { IdentityError } from '../error.ts'

export interface PemBlock {
  /** Such as `CERTIFICATE`. */
  label: string
  der: Uint8Array
}

/** RFC 7468 §3. One way to match only, so that a long text that is no PEM costs no more than its length. */
const block = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----/g

/** Writes DER as PEM, in lines of 64 characters (RFC 7468 §2). */
export function renderPem(label: string, der: Uint8Array): string {
  const lines = Buffer.from(der)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n')
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`
}

/** All blocks of a text, whatever stands between them (RFC 7468 §2). */
export function parsePem(text: string): PemBlock[] {
  return Array.from(text.matchAll(block), ([, label, base64]) => ({
    label: label!,
    der: Buffer.from(base64!, 'base64'),
  }))
}

/** What the blocks say they are that begin and cannot be read. */
export function unreadableLabels(text: string): string[] {
  const rest = text.replace(block, '')
  return Array.from(rest.matchAll(/-----BEGIN ([A-Z0-9 ]{0,40})/g), ([, label]) => label!)
}

/** Writes certificates, the leaf first. */
export function renderCertificates(ders: readonly Uint8Array[]): string {
  return ders.map(der => renderPem('CERTIFICATE', der)).join('')
}

/**
 * Reads a chain: all of the text's certificates.
 * @throws {IdentityError} `bad_certificate` if there is none, or if there is anything else, such as a private key
 */
export function parseCertificatePem(text: string): Uint8Array[] {
  const blocks = parsePem(text)
  const other = blocks.find(({ label }) => label !== 'CERTIFICATE')
  if (blocks.length > 0 && !other && !text.replace(block, '').includes('-----BEGIN'))
    return blocks.map(({ der }) => der)
  throw new IdentityError({
    code: 'bad_certificate',
    problem: other
      ? `A chain of certificates holds a ${other.label}`
      : 'There is no whole certificate in PEM here',
    section: 'RFC 7468 §5',
    hint: 'Give the text from -----BEGIN CERTIFICATE----- to the last -----END CERTIFICATE-----.',
  })
}
