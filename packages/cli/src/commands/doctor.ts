import { statfs } from 'node:fs/promises'
import { styleText } from 'node:util'
import { execa } from 'execa'
import { chapterOrNewest, readMesh } from '../definition.ts'
import { requireFree } from '../native/address-in-use.ts'
import { choosePlatform } from '../platform.ts'
import { root } from '../root.ts'
import { table } from '../table.ts'
import { find } from '../toolchain/find.ts'
import { isHere, missingClient, missingRuntime } from '../toolchain/programs.ts'
import type { Tool } from '../toolchain/tool.ts'
import { thisToolchain } from '../toolchain/toolchain.ts'
import { terminal } from '../voice.ts'

/** What one look at the machine found; `cure` if something is missing. */
interface Finding {
  what: string
  found: string
  cure?: string
  /** Nothing fails without it. */
  optional?: boolean
}

const neededDisk = 800 // MB: dependencies, tools and logs
const toolchain = thisToolchain()

export async function doctor() {
  const docker = await program(
    'docker',
    ['version', '--format', '{{.Server.Version}}'],
    'Install Docker Engine: docs.docker.com/engine',
  )
  const findings = await Promise.all([
    system(),
    node(),
    program('pnpm', ['--version'], 'The launcher ./mesh brings its own when it needs one.'),
    docker,
    program(
      'docker',
      ['compose', 'version', '--short'],
      'Install its Compose plugin: docs.docker.com/compose',
    ),
    ...toolchain.tools.map(tool => nativeTool(tool, tool.optional || !docker.cure)),
    ports(),
    disk(),
  ])
  const lines = table(findings.map(finding => [stateOf(finding), finding.what, finding.found]))
  for (const [index, line] of lines.entries()) {
    const { cure, optional } = findings[index]!
    console.log(styleText(!cure ? 'green' : optional ? 'yellow' : 'red', line))
    if (cure) console.log(`  ${cure}`)
  }
  if (findings.some(({ cure, optional }) => cure && !optional)) process.exitCode = 1
}

function stateOf({ cure, optional }: Finding): string {
  if (!cure) return 'ok'
  return optional ? 'missing (optional)' : 'missing'
}

function system(): Finding {
  const found = `${process.platform} ${process.arch}`
  if (process.platform === 'linux') return { what: 'system', found }
  return { what: 'system', found, cure: 'The native platform needs Linux: all of 127.0.0.0/8, and /proc.' }
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const finding = { what: 'node', found: `${process.versions.node} (24.12 or newer, below 25)` }
  return major === 24 && minor >= 12 ? finding : { ...finding, cure: 'Run ./mesh: it brings the right one.' }
}

async function program(file: string, args: string[], cure: string): Promise<Finding> {
  const what = args[0] === 'compose' ? `${file} compose` : file
  const { failed, stdout, code } = await execa(file, args, { reject: false, timeout: 5_000 })
  if (!failed) return { what, found: stdout, optional: true }
  const found = code === 'ENOENT' ? 'not on the PATH' : `no answer to: ${file} ${args.join(' ')}`
  return { what, found, cure, optional: true }
}

/** A tool of the native platform; nothing is missing as long as it can be brought when a chapter needs it. */
async function nativeTool(tool: Tool, optional: boolean): Promise<Finding> {
  const { name: what, title, version, size, client, runtime } = tool
  if (runtime && !(await isHere(runtime))) {
    const found = `${title} ${version} needs ${runtime.title}`
    return { what, found, cure: missingRuntime(runtime, [tool]), optional }
  }
  const found = await find(toolchain, tool)
  if (found) return { what, found: `${version}, ${found.place === 'PATH' ? 'on the PATH' : found.program}` }
  if (await isHere(client)) return { what, found: `${version}: ${client.title} will bring it (${size})` }
  return { what, found: `${title} ${version} is not here`, cure: missingClient(client, [tool]), optional }
}

/** The addresses of the newest chapter: free, or taken by a chapter of this very copy. */
async function ports(): Promise<Finding> {
  const platform = await choosePlatform(undefined, terminal())
  const chapter = chapterOrNewest(undefined)
  const own = (await platform.status())?.processes.flatMap(({ pid, addresses }) =>
    pid === null ? [] : addresses,
  )
  const addresses = platform
    .addresses(chapter, readMesh())
    .filter(address => (platform.name === 'docker' ? !own : !own?.includes(address)))
  const what = 'addresses'
  try {
    await requireFree(addresses, root)
    return { what, found: `those of chapter ${chapter.slug} are ${own ? 'free, or our own' : 'free'}` }
  } catch (error) {
    return { what, found: `not all of chapter ${chapter.slug} are free`, cure: (error as Error).message }
  }
}

async function disk(): Promise<Finding> {
  const { bavail, bsize } = await statfs(root)
  const free = Math.floor((bavail * bsize) / 1e6)
  const finding = { what: 'disk', found: `${free} MB free` }
  return free >= neededDisk ? finding : { ...finding, cure: `Make room: ${neededDisk} MB are needed.` }
}
