/** A program that chapters run, and how the ordinary client of a package registry brings it. */
export interface Tool {
  /** Its name on the PATH, in `./mesh tool NAME`, and of the folder of its manifest in deploy/toolchain. */
  name: string
  /** As people write it. */
  title: string
  version: string
  /** The folder of its manifest, if it shares that of another tool. */
  manifest?: string
  /** How much is downloaded, such as `37 MB`. */
  size: string
  /** No chapter needs it. */
  optional?: boolean
  /** Makes the program print its version, and finds it in what is printed. One that cannot is not looked for on the PATH. */
  versionOf?: { args: string[]; pattern: RegExp }
  client: Client
  /** The arguments that make the client bring it into a folder; run where the manifest lies. */
  install(folder: string): string[]
  /** Where the program lies then, in that folder. */
  program: string
  /** What runs it, if it does not run by itself. */
  runtime?: Runtime
}

/** What brings tools: a program that people have, or install with their system's package manager. */
export interface Client extends Runtime {
  /** Its settings, besides those of whoever runs it: a proxy and a registry of their own are kept. */
  environment: Record<string, string>
}

/** A program on the PATH that is needed besides. */
export interface Runtime {
  title: string
  /** What is run. */
  file: string
  /** With these arguments it succeeds if it is here, whole and new enough. */
  check: string[]
  /** How one gets it. */
  cure: string
}
