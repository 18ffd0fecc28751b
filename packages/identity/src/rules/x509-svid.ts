import { randomBytes } from 'node:crypto'
import { createBundle } from '../bundle/create.ts'
import { contextConstructed, contextPrimitive, sequence, utf8String } from '../der.ts'
import { type CertificateForgery, forgeLeaf, forgeSigner, type Signer } from '../forge/certificate.ts'
import { generateKeyPair } from '../key-pair.ts'
import { extension, extensionIds, keyUsage, purposes } from '../x509/extensions.ts'
import { issueX509Svid } from '../x509-authority/issue.ts'
import { verifyX509Svid } from '../x509-svid/verify.ts'
import type { ForeignRule, OwnRule, Rule } from './rule.ts'
import { abroad, bundles, home, id, now } from './trust-domains.ts'

type Row = [
  section: string,
  rule: string,
  passes: CertificateForgery,
  fails: CertificateForgery,
  refusal: OwnRule['refusal'],
]

const other = 'spiffe://hardway.test/multiply'
const unknown = (critical: boolean) => extension('1.2.3.4', critical, utf8String('?'))
const hour = (hours: number) => new Date(now.getTime() + hours * 3_600_000)

const leaves: Row[] = [
  [
    '2',
    'a leaf has a URI SAN; a name in the Subject is none',
    {},
    { uriSans: [], commonName: id },
    'wrong_uri_san',
  ],
  ['2', 'a leaf has one URI SAN only', {}, { uriSans: [id, other] }, 'wrong_uri_san'],
  ['2', 'two equal URI SANs are two', {}, { uriSans: [id, id] }, 'wrong_uri_san'],
  [
    '2',
    'a second URI SAN of another scheme is one too many',
    {},
    { uriSans: [id, 'https://hardway.test'] },
    'wrong_uri_san',
  ],
  [
    '2',
    'other SAN types may stand beside it, not instead',
    { dnsSans: ['add'] },
    { uriSans: [], dnsSans: ['add'] },
    'wrong_uri_san',
  ],
  ['3.1', 'the ID of a leaf has a path', {}, { uriSans: ['spiffe://hardway.test'] }, 'wrong_uri_san'],
  ['5.2', 'the scheme is spiffe', {}, { uriSans: ['https://hardway.test/add'] }, 'bad_spiffe_id'],
  [
    '3.1',
    'an empty Subject makes the SAN critical',
    { commonName: 'add', subjectAlternativeNameCritical: false },
    { subjectAlternativeNameCritical: false },
    'wrong_subject_alternative_name',
  ],
  ['4.1', 'cA is false', {}, { ca: true }, 'wrong_basic_constraints'],
  ['4.3', 'keyUsage is present', {}, { keyUsage: 'absent' }, 'wrong_key_usage'],
  ['4.3', 'keyUsage is critical', {}, { keyUsageCritical: false }, 'wrong_key_usage'],
  [
    '4.3',
    'digitalSignature is set',
    { keyUsage: ['digitalSignature', 'keyEncipherment', 'keyAgreement'] },
    { keyUsage: ['keyEncipherment'] },
    'wrong_key_usage',
  ],
  ['4.3', 'keyCertSign is not set', {}, { keyUsage: ['digitalSignature', 'keyCertSign'] }, 'wrong_key_usage'],
  ['4.3', 'cRLSign is not set', {}, { keyUsage: ['digitalSignature', 'cRLSign'] }, 'wrong_key_usage'],
  [
    '4.4',
    'an extended key usage has clientAuth',
    { extendedKeyUsage: 'absent' },
    { extendedKeyUsage: [purposes.serverAuth] },
    'wrong_extended_key_usage',
  ],
  [
    '4.4',
    'an extended key usage has serverAuth',
    {},
    { extendedKeyUsage: [purposes.clientAuth] },
    'wrong_extended_key_usage',
  ],
  ['5.1', 'it has begun', { notBefore: now }, { notBefore: new Date(now.getTime() + 1000) }, 'not_yet_valid'],
  ['5.1', 'it has not ended', { notAfter: now }, { notAfter: new Date(now.getTime() - 1000) }, 'expired'],
  [
    '5.1',
    'what is critical is understood',
    { extensions: [unknown(false)] },
    { extensions: [unknown(true)] },
    'unknown_critical_extension',
  ],
  [
    '5.1',
    'no extension stands there twice',
    {},
    { extensions: [keyUsage(['digitalSignature'])] },
    'bad_certificate',
  ],
  [
    '5.1',
    'the serial number is positive',
    { serial: Uint8Array.of(0x80) },
    { serial: Uint8Array.of(0) },
    'bad_certificate',
  ],
]

function leafRule([section, rule, passes, fails, refusal]: Row): OwnRule {
  const act = (forgery: CertificateForgery) => () => verify(forgeLeaf(home.x509, id, forgery))
  return own(section, rule, act(passes), act(fails), refusal)
}

/** A signer between the root and the leaf. The home authority allows none, so it gets a root of its own. */
const root = forgeSigner(['spiffe://hardway.test'], { notBefore: hour(-1), notAfter: hour(24) })
const rootBundle = createBundle(home.trustDomain, { x509Authorities: [root], jwtAuthorities: [] })

function signerRule(
  section: string,
  rule: string,
  passes: [string[], CertificateForgery],
  fails: [string[], CertificateForgery],
  refusal: OwnRule['refusal'],
): OwnRule {
  const act =
    ([uriSans, forgery]: [string[], CertificateForgery]) =>
    () =>
      below(forgeSigner(uriSans, forgery, root))
  return own(section, rule, act(passes), act(fails), refusal)
}

function below(...signers: Signer[]) {
  const leaf = forgeLeaf(signers[0]!, id, { notBefore: hour(-1), notAfter: hour(1) })
  const chain = [leaf, ...signers.map(({ certificate }) => certificate.der)]
  return verifyX509Svid(chain, { bundles: [rootBundle, abroad.bundle], now })
}

const domainId = 'spiffe://hardway.test'
const constraints = extension(
  extensionIds.nameConstraints,
  true,
  sequence(contextConstructed(0, sequence(contextPrimitive(6, Buffer.from('hardway.test'))))),
)

const signers: OwnRule[] = [
  signerRule(
    '3.2',
    'a signing certificate need not be an SVID, but its ID has no path',
    [[], {}],
    [[id], {}],
    'wrong_uri_san',
  ),
  signerRule(
    '3.2',
    'who signs a leaf is of the trust domain of the leaf',
    [[domainId], {}],
    [['spiffe://elsewhere.test'], {}],
    'foreign_trust_domain',
  ),
  signerRule(
    '2',
    'a signing certificate has one URI SAN at most',
    [[domainId], {}],
    [[domainId, 'https://a.test'], {}],
    'wrong_uri_san',
  ),
  signerRule(
    '4.1',
    'cA of a signing certificate is true',
    [[domainId], {}],
    [[domainId], { ca: false, commonName: 'no CA' }],
    'wrong_basic_constraints',
  ),
  signerRule(
    '4.3',
    'a signing certificate has keyCertSign',
    [[domainId], { keyUsage: ['keyCertSign', 'cRLSign'] }],
    [[domainId], { keyUsage: ['digitalSignature'] }],
    'wrong_key_usage',
  ),
  signerRule(
    '4.3',
    'its keyUsage is critical',
    [[domainId], {}],
    [[domainId], { keyUsageCritical: false }],
    'wrong_key_usage',
  ),
  signerRule(
    '4.2',
    'name constraints are not passed over',
    [[domainId], {}],
    [[domainId], { extensions: [constraints] }],
    'name_constraints',
  ),
  signerRule(
    '5.1',
    'a signing certificate has not ended',
    [[domainId], {}],
    [[domainId], { notAfter: hour(-0.5) }],
    'expired',
  ),
  own(
    '4.1',
    'the path length of a signer is kept',
    () => below(forgeSigner([domainId], { pathLength: 0 }, root)),
    () => {
      const upper = forgeSigner([domainId], { pathLength: 0 }, root)
      return below(forgeSigner([domainId], {}, upper), upper)
    },
    'path_too_long',
  ),
  own(
    '3.2',
    'a signing certificate authenticates nobody',
    () => verify(forgeLeaf(home.x509, id)),
    () => verify(home.x509.certificate.der),
    'wrong_uri_san',
  ),
]

const trust: OwnRule[] = [
  own(
    '5.2',
    'an authority of the bundle has signed it',
    () => verify(forgeLeaf(home.x509, id)),
    () => verify(forgeLeaf(forgeSigner([domainId]), id, { notBefore: hour(-1), notAfter: hour(1) })),
    'no_trusted_signer',
  ),
  own(
    '5.1',
    'the chain is checked with the bundle of the leaf’s own trust domain',
    () => verify(forgeLeaf(abroad.x509, 'spiffe://elsewhere.test/add')),
    () => verify(forgeLeaf(abroad.x509, id)),
    'no_trusted_signer',
  ),
  own(
    '5.1',
    'a trust domain without a bundle is not trusted',
    () => verify(forgeLeaf(home.x509, id)),
    () => verify(forgeLeaf(home.x509, 'spiffe://unknown.test/add')),
    'no_bundle',
  ),
]

const issuing: OwnRule[] = [
  issueRule('2', 'an authority signs one URI SAN', [id], [id, other], 'wrong_uri_san'),
  issueRule('3.1', 'an authority signs no ID without a path', [id], [domainId], 'wrong_uri_san'),
  issueRule(
    '3.2',
    'an authority signs for its own trust domain only',
    [id],
    ['spiffe://elsewhere.test/add'],
    'foreign_trust_domain',
  ),
]

function issueRule(
  section: string,
  rule: string,
  passes: string[],
  fails: string[],
  refusal: OwnRule['refusal'],
) {
  const issue = (uriSans: string[]) => () =>
    issueX509Svid(
      home.x509,
      { uriSans, publicKey: generateKeyPair().publicKey },
      { random: randomBytes, now },
    )
  return own(section, rule, issue(passes), issue(fails), refusal)
}

function verify(der: Uint8Array) {
  return verifyX509Svid([der], { bundles, now })
}

function own(
  section: string,
  rule: string,
  passes: () => unknown,
  fails: () => unknown,
  refusal: OwnRule['refusal'],
): OwnRule {
  return { document: 'X509-SVID', section, rule, enforcedBy: 'identity', passes, fails, refusal }
}

function envoy(section: string, rule: string, setting: string): ForeignRule {
  return { document: 'X509-SVID', section, rule, enforcedBy: 'Envoy', setting }
}

export const x509SvidRules: readonly Rule[] = [
  ...leaves.map(leafRule),
  ...signers,
  ...trust,
  ...issuing,
  envoy('5.1', 'a caller without a certificate is turned away', 'require_client_certificate: true'),
  envoy('5.2', 'the callee is who was called', 'match_typed_subject_alt_names: an exact URI SAN'),
  envoy(
    '5.1',
    'the chain is checked again at every connection',
    'validation_context.trusted_ca: the roots of the bundle',
  ),
]
