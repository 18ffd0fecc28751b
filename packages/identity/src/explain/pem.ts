import { IdentityError } from '../error.ts'
import { renderSpiffeId } from '../spiffe-id.ts'
import { type PemBlock, parsePem, unreadableLabels } from '../x509/pem.ts'
import { verifyX509Svid } from '../x509-svid/verify.ts'
import { explainCertificate } from './certificate.ts'
import type { Judge } from './explain.ts'
import { type ExplainedDocument, type Explanation, must, type Verdict } from './explanation.ts'
import { explainPrivateKey, explainPublicKey } from './key.ts'

/** Explains each block of a PEM text; its certificates together are a chain. */
export function explainPem(text: string, judge: Judge): Explanation {
  const blocks = parsePem(text)
  const chain = blocks.filter(({ label }) => label === 'CERTIFICATE').map(({ der }) => der)
  const verdict = judgeChain(chain, judge)
  const documents = blocks.map(block => explainBlock(block, judge))
  return {
    documents: [...documents, ...unreadableLabels(text).map(explainUnreadable)],
    ...(verdict && { verdict }),
  }
}

function explainBlock({ label, der }: PemBlock, { now }: Judge): ExplainedDocument {
  if (label === 'CERTIFICATE') return explainCertificate(der, now)
  if (label.endsWith('PRIVATE KEY')) return explainPrivateKey(label, der)
  if (label === 'PUBLIC KEY') return explainPublicKey(der)
  return {
    kind: label.toLowerCase(),
    purpose: 'Something in PEM that is no identity document.',
    fields: [{ name: 'size', value: `${der.length} bytes`, meaning: 'how much it holds' }],
    broken: [],
  }
}

function judgeChain(chain: readonly Uint8Array[], { bundles, now }: Judge): Verdict | undefined {
  if (chain.length === 0 || !bundles || !now) return undefined
  try {
    const { id, signers } = verifyX509Svid(chain, { bundles, now })
    const reason = `This is ${renderSpiffeId(id)}; "${signers.at(-1)!.subject.text}" vouches for it.`
    return { accepted: true, reason }
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error
    return { accepted: false, reason: `${error.problem} (${error.section}).` }
  }
}

function explainUnreadable(label: string): ExplainedDocument {
  const secret = label.endsWith('PRIVATE KEY')
  return {
    kind: `unreadable ${label.toLowerCase() || 'PEM'}`,
    purpose: secret
      ? 'It should be a private key, which is secret; it is encrypted in the old way, or damaged.'
      : 'A block that is cut off, or that is not base64.',
    fields: [],
    broken: [
      must({
        code: secret ? 'bad_key' : 'bad_certificate',
        problem: 'A block begins and does not end, or holds what is not base64',
        section: 'RFC 7468 §3',
        hint: 'Copy all of it, from -----BEGIN to the line of -----END.',
      }),
    ],
  }
}
