import Type, { type Static } from 'typebox'
import { durationPattern } from './duration.ts'

// The descriptions are the hints of errors.

const strict = { additionalProperties: false }

const podPattern = '^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$'

const Duration = Type.String({
  pattern: durationPattern,
  description: 'Write a whole number of seconds, minutes or hours, such as 30s, 5m or 24h.',
})

const Text = Type.String({ minLength: 1, description: 'Write a text.' })

const Svid = Type.Object(
  {
    pod: Type.String({
      pattern: podPattern,
      description: 'Name the pod in 1 to 63 of a to z, 0 to 9 and -, a letter first, no - at the end.',
    }),
    id: Text,
  },
  { ...strict, description: 'Write { pod: add, id: spiffe://hardway.test/add }.' },
)

export const RegistrationFile = Type.Object(
  {
    trust_domain: Text,
    x509: Type.Object(
      { authority_ttl: Duration, svid_ttl: Duration },
      { ...strict, description: 'Write { authority_ttl: 24h, svid_ttl: 1h }.' },
    ),
    jwt: Type.Optional(
      Type.Object(
        { authority_ttl: Duration, svid_ttl: Duration, audience: Text },
        {
          ...strict,
          description:
            'Write { authority_ttl: 24h, svid_ttl: 5m, audience: spiffe://hardway.test/calculator }.',
        },
      ),
    ),
    jwt_authn: Type.Optional(Text),
    svids: Type.Array(Svid, { minItems: 1, description: 'List a pod and its ID for each SVID.' }),
  },
  { ...strict, description: 'The keys are trust_domain, x509, jwt, jwt_authn and svids.' },
)
export type RegistrationFile = Static<typeof RegistrationFile>
