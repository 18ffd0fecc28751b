import { readFileSync } from 'node:fs'
import { status } from '@grpc/grpc-js'
import { computeClient, type OperationName } from '@hardway/api'

/**
 * Computes 6 and 7 with an operation, past the calculator.
 * @param file   the caller's key and SVID in PEM
 * @param roots  whom the caller believes
 * @returns the value, or the status and what it says: `UNAUTHENTICATED: …`
 */
export function callAs(
  file: string,
  roots: string,
  operation: OperationName,
  address: string,
  token?: string,
): Promise<string> {
  const pem = readFileSync(file, 'utf8')
  const middle = pem.indexOf('-----BEGIN CERTIFICATE-----')
  const svid = {
    privateKey: pem.slice(0, middle),
    chain: pem.slice(middle),
    roots,
    peer: `spiffe://hardway.test/${operation}`,
  }
  const client = computeClient(operation, address, { 'grpc.default_authority': operation }, svid)
  const authorization = token === undefined ? undefined : `Bearer ${token}`
  return new Promise(resolve => {
    client.compute({ a: '6', b: '7' }, { deadline: Date.now() + 5_000, authorization }, (error, result) => {
      resolve(error ? `${status[error.code]}: ${error.details}` : result!.value)
      client.close()
    })
  })
}
