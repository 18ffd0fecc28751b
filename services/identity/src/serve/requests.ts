import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Type, { type Static } from 'typebox'
import { Check } from 'typebox/schema'
import { replaceFile } from '../atomic-file.ts'
import { IdentityServiceError } from '../error.ts'

/** How long somebody waits for an answer, in milliseconds. */
const patience = 10_000
const glance = 50

const Request = Type.Object({
  rotate: Type.Enum(['svid', 'x509', 'jwt']),
  step: Type.Optional(Type.Enum(['publish', 'activate', 'retire'])),
  /** ISO 8601; nobody waits for the answer any more after that. */
  until: Type.String(),
})
/** What an operator asks of who serves. */
export type Request = Static<typeof Request>

const Answer = Type.Object({ done: Type.Boolean(), lines: Type.Array(Type.String()) })
/** What was done, or why not: a line each. */
export type Answer = Static<typeof Answer>

const requestsFolder = (folder: string): string => join(folder, 'requests')

/**
 * Asks whoever serves, and waits for the answer.
 * @throws {IdentityServiceError} `nobody_serves`
 */
export async function ask(folder: string, request: Omit<Request, 'until'>): Promise<Answer> {
  const requests = requestsFolder(folder)
  mkdirSync(requests, { recursive: true, mode: 0o700 })
  const name = randomUUID()
  const [asked, answered] = [join(requests, `${name}.request`), join(requests, `${name}.answer`)]
  const end = Date.now() + patience
  replaceFile(asked, JSON.stringify({ ...request, until: new Date(end).toISOString() }))
  try {
    while (Date.now() < end) {
      const answer = readJson(answered)
      if (Check(Answer, answer)) return answer
      await new Promise(resolve => setTimeout(resolve, glance))
    }
  } finally {
    for (const file of [asked, answered]) rmSync(file, { force: true })
  }
  throw new IdentityServiceError(
    'nobody_serves',
    `nobody answered within ${patience / 1000} s: start "serve" with this IDENTITY_FOLDER (${folder}), or see what its log says`,
  )
}

/**
 * Hands each request that somebody still waits on to `answer`, and stores what that gives back.
 */
export function answerRequests(folder: string, now: Date, answer: (request: Request) => Answer): void {
  const requests = requestsFolder(folder)
  for (const file of filesIn(requests)) {
    if (!file.endsWith('.request')) continue
    const path = join(requests, file)
    const request = readJson(path)
    rmSync(path, { force: true }) // before it is done, so that it is never done twice
    if (!Check(Request, request) || !(now.getTime() <= Date.parse(request.until))) continue
    replaceFile(path.replace(/request$/, 'answer'), JSON.stringify(answer(request)))
  }
}

/** Answers that nobody fetched. */
export function forgetAnswers(folder: string): void {
  const requests = requestsFolder(folder)
  for (const file of filesIn(requests)) {
    if (file.endsWith('.answer')) rmSync(join(requests, file), { force: true })
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
