/** For tests and for attacks only: documents that break one rule, where an authority would refuse to sign. */
export { type CertificateForgery, forgeLeaf, forgeSigner, type Signer } from './forge/certificate.ts'
export { forgeToken, type TokenForgery } from './forge/token.ts'
