/**
 * Identities after the SPIFFE standards: names, the two kinds of SVID, the authorities that sign them, and the bundles that
 * verify them. Pure: no file, no network; the time and the randomness of serial numbers are handed in.
 */
export type { Bundle, JwtKey } from './bundle/bundle.ts'
export { type BundleContent, createBundle, nextBundle } from './bundle/create.ts'
export { type ParsedBundle, parseBundle } from './bundle/parse.ts'
export type { BundleFinding } from './bundle/read-key.ts'
export { renderBundle, renderJwks, renderRoots } from './bundle/render.ts'
export { IdentityError, type IdentityErrorCode, type Problem } from './error.ts'
export { explain, type Judge } from './explain/explain.ts'
export type { BrokenRule, ExplainedDocument, Explanation, Field, Verdict } from './explain/explanation.ts'
export { createJwtAuthority, type JwtAuthority } from './jwt-authority/create.ts'
export { signJwtSvid } from './jwt-svid/sign.ts'
export { type JwtSvid, verifyJwtSvid } from './jwt-svid/verify.ts'
export { generateKeyPair, type KeyPair } from './key-pair.ts'
export { parsePrivateKey, renderPrivateKey } from './private-key-pem.ts'
export { type CredentialState, credentialState, renewalTime, type Validity } from './renewal.ts'
export {
  isMember,
  parseSpiffeId,
  renderSpiffeId,
  type SpiffeId,
  sameSpiffeId,
  spiffeId,
} from './spiffe-id.ts'
export { parseTrustDomain, type TrustDomain } from './trust-domain.ts'
export type { Certificate } from './x509/certificate.ts'
export { parseCertificatePem, renderCertificates } from './x509/pem.ts'
export { createX509Authority, openX509Authority, type X509Authority } from './x509-authority/create.ts'
export { type IssuedX509Svid, issueX509Svid, type X509SvidRequest } from './x509-authority/issue.ts'
export type { Randomness } from './x509-authority/serial-number.ts'
export { verifyX509Svid, type X509Svid } from './x509-svid/verify.ts'
