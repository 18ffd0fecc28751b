import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { type Bundle, type ExplainedDocument, explain, type Judge } from '@hardway/identity'
import { bundleOf } from '../authority/bundle.ts'
import { loadAnyAuthorities } from '../authority/store.ts'
import { IdentityServiceError } from '../error.ts'
import { registrationSetting } from '../settings.ts'
import { table } from './table.ts'

const notJudged = 'Not judged: there are no authorities here yet; make them with "init".'

/** Explains a document, and says whether it can be trusted if there is a bundle to judge it by. */
export async function show(file: string): Promise<void> {
  const input = await textOf(file)
  const { documents, verdict } = explain(input, judgeFor(explain(input).documents))
  for (const document of documents) showDocument(document)
  if (verdict) console.log(`${verdict.accepted ? 'Accepted' : 'Refused'}: ${verdict.reason}`)
  else if (documents.some(isSvid)) console.log(notJudged)
  const isBroken = documents.some(({ broken }) => broken.some(({ severity }) => severity === 'must'))
  if (isBroken || verdict?.accepted === false) process.exitCode = 1
}

async function textOf(file: string): Promise<string> {
  if (file === '-') return text(process.stdin)
  if (file.startsWith('spiffe:')) return file
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new IdentityServiceError(
      'no_such_file',
      `${file} cannot be read (${code}); give a file, - or a SPIFFE ID`,
    )
  }
}

/** Only what is shown to others, to say who one is, is judged: a root is not refused because it is no leaf. */
function judgeFor(documents: readonly ExplainedDocument[]): Judge {
  const now = new Date()
  const bundle = currentBundle()
  if (!bundle || !documents.some(isSvid)) return { now }
  const audience = process.env.IDENTITY_CONFIG ? registrationSetting().jwt?.audience : undefined
  return { now, bundles: [bundle], ...(audience !== undefined && { audience }) }
}

function isSvid({ kind }: ExplainedDocument): boolean {
  return kind === 'X509-SVID' || kind === 'JWT-SVID'
}

function currentBundle(): Bundle | undefined {
  const folder = process.env.IDENTITY_FOLDER
  const authorities = folder ? loadAnyAuthorities(folder) : undefined
  return authorities && bundleOf(authorities)
}

function showDocument({ kind, purpose, fields, broken }: ExplainedDocument): void {
  console.log(`${kind}: ${purpose}`)
  for (const line of table(fields.map(({ name, value, meaning }) => [`  ${name}`, value, meaning]))) {
    console.log(line)
  }
  for (const { severity, problem, section, hint } of broken) {
    console.log(`  ${severity === 'must' ? 'BROKEN' : 'advice'}: ${problem} (${section}). ${hint}`)
  }
  console.log()
}
