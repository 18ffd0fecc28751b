import { X509Certificate } from 'node:crypto'

/** What is needed to know of a certificate that this program issued itself. */
export interface Leaf {
  id: string
  serial: string
  issued: Date
  expires: Date
}

/** An authority dates what it issues so much back, in milliseconds, for clocks that are behind. */
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
    expires: validToDate,
  }
}
