import {
  createJwtAuthority,
  openX509Authority,
  parseCertificatePem,
  parsePrivateKey,
  parseTrustDomain,
  renderCertificates,
  renderPrivateKey,
} from '@hardway/identity'
import Type, { type Static } from 'typebox'
import { Check } from 'typebox/schema'
import type { Authorities, Kept } from './kept.ts'

const strict = { additionalProperties: false }
const Time = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' })

const life = {
  state: Type.Enum(['published', 'active', 'retiring']),
  since: Time,
  created: Time,
  expires: Time,
}

/** What authority.json holds. */
const AuthorityDocument = Type.Object(
  {
    trust_domain: Type.String(),
    spiffe_sequence: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    x509_authorities: Type.Array(
      Type.Object({ ...life, certificate: Type.String(), key: Type.String() }, strict),
    ),
    jwt_authorities: Type.Array(Type.Object({ ...life, kid: Type.String(), key: Type.String() }, strict)),
  },
  strict,
)
type AuthorityDocument = Static<typeof AuthorityDocument>
type Life = Pick<AuthorityDocument['jwt_authorities'][number], 'state' | 'since' | 'created' | 'expires'>

/** @returns JSON, with the private keys in it */
export function renderAuthorities({ trustDomain, sequence, x509, jwt }: Authorities): string {
  const document: AuthorityDocument = {
    trust_domain: trustDomain,
    spiffe_sequence: Number(sequence),
    x509_authorities: x509.map(kept => ({
      ...renderLife(kept),
      certificate: renderCertificates([kept.authority.certificate.der]),
      key: renderPrivateKey(kept.authority.privateKey),
    })),
    jwt_authorities: jwt.map(kept => ({
      ...renderLife(kept),
      kid: kept.name,
      key: renderPrivateKey(kept.authority.privateKey),
    })),
  }
  return `${JSON.stringify(document, undefined, 2)}\n`
}

/**
 * Reads it back, and checks that keys and certificates belong together.
 * @throws {Error} if anything is not as {@link renderAuthorities} wrote it; a key is never part of the message
 */
export function parseAuthorities(text: string): Authorities {
  const document = parseDocument(text)
  const trustDomain = parseTrustDomain(document.trust_domain)
  return {
    trustDomain,
    sequence: BigInt(document.spiffe_sequence),
    x509: document.x509_authorities.map(entry => {
      const [certificate] = parseCertificatePem(entry.certificate)
      const keys = parsePrivateKey(entry.key)
      const authority = openX509Authority({ trustDomain, certificate: certificate!, keys })
      return { ...parseLife(entry), name: authority.certificate.serial, authority }
    }),
    jwt: document.jwt_authorities.map(entry => {
      const authority = createJwtAuthority({ trustDomain, keys: parsePrivateKey(entry.key) })
      if (authority.keyId !== entry.kid) throw new Error(`the key of "${entry.kid}" is another one`)
      return { ...parseLife(entry), name: authority.keyId, authority }
    }),
  }
}

function parseDocument(text: string): AuthorityDocument {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    throw new Error('it is not JSON') // the parser's own words would repeat a part of the text
  }
  if (!Check(AuthorityDocument, document)) throw new Error('a part of it is missing or wrong')
  return document
}

function renderLife({ state, since, created, expires }: Kept<unknown>): Life {
  return {
    state,
    since: since.toISOString(),
    created: created.toISOString(),
    expires: expires.toISOString(),
  }
}

function parseLife({ state, since, created, expires }: Life): Omit<Kept<unknown>, 'name' | 'authority'> {
  return { state, since: time(since), created: time(created), expires: time(expires) }
}

/** A thirteenth month is no date. */
function time(text: string): Date {
  const date = new Date(text)
  if (Number.isNaN(date.getTime())) throw new Error(`${text} is no time`)
  return date
}
