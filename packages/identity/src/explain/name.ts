import { IdentityError } from '../error.ts'
import { parseSpiffeId } from '../spiffe-id.ts'
import { parseTrustDomain } from '../trust-domain.ts'
import { type ExplainedDocument, type Explanation, must } from './explanation.ts'

/** Explains a SPIFFE ID or the name of a trust domain. */
export function explainName(text: string): Explanation {
  if (/^spiffe:/i.test(text) || text.includes('://')) return { documents: [explainId(text)] }
  // What is no name may be a secret that was pasted by mistake, so an error must not repeat it.
  if (/^\w[\w-]*(\.[\w-]+)+(:\d+)?$|^[a-z][a-z0-9-]{0,29}$/.test(text)) {
    return { documents: [explainTrustDomain(text)] }
  }
  return { documents: [unknown] }
}

function explainId(text: string): ExplainedDocument {
  const purpose = 'It names a workload or a person, in one trust domain.'
  return orBroken('SPIFFE ID', purpose, () => {
    const { trustDomain, path } = parseSpiffeId(text)
    return [
      { name: 'trust domain', value: trustDomain, meaning: 'whose authority vouches for it' },
      path === ''
        ? { name: 'path', value: '(none)', meaning: 'it names the trust domain itself, no workload' }
        : {
            name: 'path',
            value: path,
            meaning: 'which workload or person; its parts mean what the operator says',
          },
    ]
  })
}

function explainTrustDomain(text: string): ExplainedDocument {
  const purpose = 'It names everything that one authority vouches for.'
  return orBroken('trust domain', purpose, () => [
    {
      name: 'trust domain',
      value: parseTrustDomain(text),
      meaning: 'a name of its own; it need not exist in DNS',
    },
    { name: 'its ID', value: `spiffe://${text}`, meaning: 'what its signing certificates carry' },
  ])
}

function orBroken(
  kind: string,
  purpose: string,
  fields: () => ExplainedDocument['fields'],
): ExplainedDocument {
  try {
    return { kind, purpose, fields: fields(), broken: [] }
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error
    return { kind, purpose, fields: [], broken: [must(error)] }
  }
}

const unknown: ExplainedDocument = {
  kind: 'unknown',
  purpose: 'This is no identity document that is known here.',
  fields: [],
  broken: [
    must({
      code: 'bad_spiffe_id',
      problem: 'It is neither PEM, nor a JWT, nor JSON, nor a SPIFFE ID',
      section: 'SPIFFE-ID §3.3',
      hint: 'Give a certificate in PEM, a token, a bundle in JSON, or a name such as spiffe://hardway.test/add.',
    }),
  ],
}
