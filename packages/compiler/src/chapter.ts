import { MeshError } from './error.ts'
import type { Mesh } from './mesh.ts'

/** One step of the book. Its slug is its name in every tree: docs, envoy, opa, deploy. */
export interface Chapter {
  number: number
  slug: string
  /** What it adds, in a few words. */
  adds: string
  /** The sections of mesh.yaml that are on. */
  sections: (keyof Mesh)[]
}

/** The book, in order. */
export const chapters: Chapter[] = [
  { number: 1, slug: '01-monolith', adds: 'one process and a static token', sections: ['monolith'] },
  { number: 2, slug: '02-services', adds: 'four processes that speak gRPC', sections: ['workloads'] },
  {
    number: 3,
    slug: '03-envoy',
    adds: 'an Envoy beside every process',
    sections: ['workloads', 'gateway', 'sidecars'],
  },
  {
    number: 4,
    slug: '04-mtls',
    adds: 'a certificate for every pod, and mTLS between any two',
    sections: ['workloads', 'gateway', 'sidecars', 'identity'],
  },
  {
    number: 5,
    slug: '05-jwt',
    adds: 'a token for every person, verified at every hop',
    sections: ['workloads', 'gateway', 'sidecars', 'identity', 'jwt'],
  },
  {
    number: 6,
    slug: '06-opa',
    adds: 'a policy beside every sidecar: who may call what, on whose behalf',
    sections: ['workloads', 'gateway', 'sidecars', 'identity', 'jwt', 'authorization'],
  },
  {
    number: 7,
    slug: '07-logs',
    adds: 'a line from everybody who saw a request, and one ID that they all know it by',
    sections: ['workloads', 'gateway', 'sidecars', 'identity', 'jwt', 'authorization', 'logs'],
  },
  {
    number: 8,
    slug: '08-prometheus',
    adds: 'numbers from every pod: how often, how well, how fast',
    sections: ['workloads', 'gateway', 'sidecars', 'identity', 'jwt', 'authorization', 'logs', 'metrics'],
  },
  {
    number: 9,
    slug: '09-zipkin',
    adds: 'where the time went: one trace for each request',
    sections: [
      ...([
        'workloads',
        'gateway',
        'sidecars',
        'identity',
        'jwt',
        'authorization',
        'logs',
        'metrics',
      ] as const),
      'tracing',
    ],
  },
]

/**
 * Finds a chapter by number (`2`, `02`) or slug (`02-services`).
 * @throws MeshError `unknown_chapter`, naming those that exist.
 */
export function chapter(name: string): Chapter {
  const found = chapters.find(
    ({ number, slug }) => slug === name || (/^\d+$/.test(name) && number === Number(name)),
  )
  if (found) return found
  const known = chapters.map(({ slug }) => slug).join(', ')
  throw new MeshError(
    'unknown_chapter',
    'chapter',
    `there is no chapter "${name}"`,
    `The chapters are: ${known}.`,
  )
}

/**
 * The mesh as a chapter sees it: only the sections that are on.
 * @throws MeshError `missing_section`
 */
export function meshOf(mesh: Mesh, { slug, sections }: Chapter): Mesh {
  const missing = sections.find(section => !mesh[section])
  if (missing) {
    throw new MeshError(
      'missing_section',
      'mesh.yaml',
      `there is no section "${missing}", which chapter ${slug} needs`,
      `The chapter is made of: ${sections.join(', ')}.`,
    )
  }
  return Object.fromEntries(sections.map(section => [section, mesh[section]]))
}
