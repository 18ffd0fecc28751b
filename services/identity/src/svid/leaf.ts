import { X509Certificate } from 'node:crypto'

/** What is needed to know of a certificate that this program issued itself. */
export interface Leaf {
  id: string
  serial: string
  issued: Date
  /** A little before that, for clocks that are behind. */
  notBefore: Date
  expires: Date
}

/** An authority dates back what it issues by so much, in milliseconds. */
const datedBack = 10_000

/**
 * Reads the first certificate of a chain, valid or not.
 * @param chain  PEM
 * @throws {Error} if it is no certificate
 */
export function readLeaf(chain: string): Leaf {
  const { serialNumber, validFromDate, validToDate, subjectAltName = '' } = new X509Certificate(chain)
  return {
    id: subjectAltName.replace(/^URI:/, ''),
    serial: serialNumber.toLowerCase(),
    issued: new Date(validFromDate.getTime() + datedBack),
    notBefore: validFromDate,
    expires: validToDate,
  }
}
