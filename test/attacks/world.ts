import type { Chapter, Mesh } from '@hardway/compiler'
import type { JwtAuthority, X509Authority } from '@hardway/identity'
import type { Attacker } from './attacker.ts'

/** A chapter that runs, as those see it who attack it. */
export interface World {
  platform: 'docker' | 'native'
  chapter: Chapter
  /** As the chapter sees it. */
  mesh: Mesh
  /** The front door, `http://…:8080`. */
  url: string
  /** The process that answers there in the end: `monolith`, later `calculator`. */
  application: string
  /** A person's token; in chapters 01 to 04 everybody's. */
  token(person: string): Promise<string>
  /** The keys that sign, if there are any: whoever forges a document that differs in one thing only needs them. */
  keys: Keys
  /** A program that runs in a pod of its own; natively just another process of this machine. */
  elsewhere: Attacker
  /** How a pod is reached from there, without a port. */
  host(pod: string): string
  /** A program inside a pod, for controls. */
  inside(pod: string): Promise<Attacker>
  /** How what belongs to the inside of a pod is reached from there. */
  loopback(pod: string): string
  /** Whether a program that broke in beside add's Envoy finds the private key of a pod. */
  lookForKey(pod: string): Promise<boolean>
  /** Puts a program in the place of the application, which says what arrives there. The chapter is of no use afterwards. */
  standIn(): Promise<void>
  kill(process: string, signal: NodeJS.Signals): Promise<void>
  /** Puts another policy into every OPA; gives the way back. */
  replacePolicy(text: string, name?: string): () => void
  stop(): Promise<void>
}

export interface Keys {
  x509?: X509Authority
  jwt?: JwtAuthority
}
