import type { PeerCertificate } from 'node:tls'

/** Checks a server as a mesh does: by the SPIFFE ID in its certificate, not by the name of a host. */
export function verifyServerAs(
  workload: string,
): (host: string, certificate: PeerCertificate) => Error | undefined {
  const wanted = `URI:spiffe://hardway.test/${workload}`
  return (_, { subjectaltname }) =>
    subjectaltname === wanted ? undefined : new Error(`this is ${subjectaltname}, not ${wanted}`)
}
