import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { Argument, Command, InvalidArgumentError, Option } from 'commander'
import { platformNames } from './platform.ts'
import { reportError } from './report-error.ts'

// Each command's code is loaded when it is called: the others cost it no time.

const mesh = new Command('./mesh')
  .description('A service mesh, built by hand: runs the chapters of the book.')
  .helpCommand(false)
  .enablePositionalOptions() // so that a tool gets its own options
  .exitOverride()
  .showHelpAfterError('Try: ./mesh --help')

command('up', 'Run a chapter; returns when every process of it is ready.', [
  'up',
  'up 1',
  'up 2 --without add',
])
  .argument('[chapter]', 'its number or its name; the newest if left out')
  .addOption(platform())
  .option('--without <process>', 'leave one process out, and show the command to start it by hand')
  .option('--verbose', 'show each command that is run')
  .action(async (chapter, options) => (await import('./commands/up.ts')).up(chapter, options))

command('down', 'Stop everything that runs. The logs stay until the next start.', ['down']).action(async () =>
  (await import('./commands/down.ts')).down(),
)

command('status', 'Show what runs. Exit code: 0 all are ready, 1 one is not, 3 nothing runs.', [
  'status',
  'status --json',
])
  .option('--json', 'for programs')
  .action(async options => (await import('./commands/status.ts')).status(options))

command('kill', 'Send a signal to one process, to see what happens then.', [
  'kill add',
  'kill add --signal STOP',
  'kill add --signal CONT',
])
  .argument('<process>')
  .addOption(
    new Option('--signal <name>', 'KILL ends it, TERM asks it to end, STOP freezes it, CONT thaws it')
      .choices(['KILL', 'TERM', 'STOP', 'CONT'])
      .default('KILL'),
  )
  .action(async (process, options) => (await import('./commands/kill.ts')).kill(process, options))

command('logs', 'Show what the processes wrote.', [
  'logs',
  'logs add --follow',
  'logs --request 7f1c6a52-83d0-9d5e-b2a5-0c6a1f3d9e41',
  'logs | jq "select(.status >= 400)"',
])
  .argument('[workload]', 'one process only')
  .option('-f, --follow', 'wait for more, until Ctrl-C')
  .option('--request <id>', 'the journey of one request: the x-request-id of its answer, from chapter 07 on')
  .option('--json', 'one JSON object a line, as it is without asking if another program reads it')
  .action(async (workload, options) => (await import('./commands/logs.ts')).logs(workload, options))

command('top', 'Show how each workload is served, from chapter 08 on: how often, how well, how fast.', [
  'top',
  'top --once',
  'top --json',
])
  .option('--once', 'one table, and not again and again')
  .option('--json', 'for programs, once')
  .action(async options => (await import('./commands/top.ts')).top(options))

command('trace', 'Show where the time of a request went, from chapter 09 on.', [
  'trace 7f1c6a52-83d0-9d5e-b2a5-0c6a1f3d9e41',
])
  .argument('<request>', 'the x-request-id of its answer')
  .option('--json', 'its spans, for programs')
  .action(async (request, options) => (await import('./commands/trace.ts')).trace(request, options))

command('token', 'Print what a person shows to the calculator.', ['token alice', 'token bob --ttl 90s'])
  .addArgument(new Argument('<name>', 'one shared token in chapters 01 to 04, a JWT-SVID each from 05'))
  .option('--audience <id>', 'whom it is for, from chapter 05 on; the calculator if left out')
  .option('--ttl <time>', 'how long it is valid, from chapter 05 on, such as 90s or 5m')
  .action(async (name, options) => (await import('./commands/token.ts')).token(name, options))

command('call', "Call a service over gRPC, past the calculator: the attacker's view.", [
  'call add 0.1 0.2',
  'call multiply 6 7 --address 127.0.5.1:50051',
])
  .addArgument(new Argument('<service>').choices(['add', 'subtract', 'multiply']))
  .argument('<a>', 'the first operand')
  .argument('<b>', 'the second operand')
  .option('--address <host:port>', 'where the service listens; looked up in the running chapter if left out')
  .option('--svid <file>', 'speak TLS, and show what ./mesh identity mint printed into this file')
  .option('--token <jwt>', "a person's token to send along, from chapter 05 on")
  .option('--timeout <seconds>', 'how long to wait for the answer', seconds, 5)
  .action(async (service, a, b, options) => (await import('./commands/call.ts')).call(service, a, b, options))

command(
  'explain',
  'Show what the policies decide, hop by hop. Exit code: 0 all is allowed, 1 something is not, 2 no answer.',
  [
    'explain GET "/multiply?a=6&b=7" --as bob',
    `explain POST /evaluate --as bob --body '{"expression":"2*3"}'`,
    'explain GET /multiply --as alice --from add --to multiply',
    'explain --last',
  ],
)
  .argument('[method]', 'of a request that somebody might send; nothing has to run')
  .argument('[path]', 'of the same')
  .option('--as <person>', 'on whose behalf: alice, bob, …')
  .option('--body <json>', 'what is sent: an expression says which operations are asked')
  .option('--from <workload>', 'one call only: who calls')
  .option('--to <workload>', 'one call only: who is called')
  .option('--last', 'what was denied last in the chapter that runs')
  .option('--request <id>', 'what OPAs wrote about this request: its x-request-id is in their logs')
  .option('--dry-run', 'what a candidate would have decided otherwise, and how often')
  .option('--json', 'for programs')
  .action(async (method, path, options) =>
    (await import('./commands/explain.ts')).explain(method, path, options),
  )

command('admin', "Ask an Envoy's admin port, which is open inside its pod only.", [
  'admin add-envoy /ready',
  'admin gateway "/stats?filter=downstream_rq"',
])
  .argument('<process>', 'gateway, add-envoy, …')
  .argument('<path>', 'what to ask for; an Envoy answers what its allow_paths names')
  .option('--method <method>', 'GET or POST', 'GET')
  .option('--verbose', 'show the command that is run')
  .action(async (name, path, options) => (await import('./commands/admin.ts')).admin(name, path, options))

command('identity', 'Make, show and renew identities by hand, from chapter 04 on.', [
  'identity --help',
  'identity mint add | ./mesh identity show -',
  'identity rotate svid',
])
  .argument('[args...]', 'all that follows is for the identity service')
  .passThroughOptions()
  .action(async args => (await import('./commands/identity.ts')).identity(args))

command('configs', 'Write every generated file that is committed.', ['configs', 'configs --check'])
  .option('--check', 'write nothing; show the differences, and exit with 1 if there are any')
  .action(async options => (await import('./commands/configs.ts')).configs(options))

command('diff', 'Show what changes between two chapters in the files that are generated.', ['diff 02 03'])
  .argument('<before>', 'its number or its name')
  .argument('<after>', 'its number or its name')
  .action(async (before, after) => (await import('./commands/diff.ts')).diff(before, after))

command('tool', 'Run a tool in the version that the chapters are made for; it is brought if it is missing.', [
  'tool envoy --version',
  'tool envoy --mode validate --config-path envoy/03-envoy/add.yaml',
])
  .argument('<name>', 'envoy, opa, prometheus, promtool, fortio')
  .argument('[args...]', 'all that follows is for the tool')
  .passThroughOptions()
  .action(async (name, args) => (await import('./commands/tool.ts')).tool(name, args))

command('images', 'Bring the images of the docker platform that are missing.', ['images', 'images --offline'])
  .option(
    '--offline',
    "ask no image registry: build them from Debian's packages and the native platform's programs",
  )
  .action(async options => (await import('./commands/images.ts')).images(options))

command('read', 'Read a page: run its commands and compare their output with what it shows.', [
  'read',
  'read 2',
])
  .argument('[chapter]', 'its number or its name; all pages if left out')
  .addOption(platform())
  .action(async (chapter, options) => (await import('./commands/read.ts')).read(chapter, options))

command('test', 'Check everything: types, style, generated files, tests, pages.', ['test', 'test expression'])
  .argument('[pattern...]', 'only tests in files whose path contains one of these')
  .action(async pattern => (await import('./commands/test.ts')).test(pattern))

command('bench', 'Measure what each chapter costs on this machine, and what the least by hand would.', [
  'bench --quick',
  'bench 2 3 --json result.json',
])
  .argument('[chapters...]', 'their numbers or names; all if left out')
  .option('--quick', 'shorter runs: under two minutes, and less sure')
  .option('--json <file>', 'write every number there, too', fileToWrite)
  .action(async (chapters, options) => (await import('./commands/bench.ts')).bench(chapters, options))

command('doctor', 'Show what is here, and what is missing.', ['doctor']).action(async () =>
  (await import('./commands/doctor.ts')).doctor(),
)

// Whoever read our output may have gone, as in `| head`: the work is done all the same.
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
})

try {
  await mesh.parseAsync()
} catch (error) {
  process.exitCode = reportError(error)
}

function command(name: string, description: string, examples: string[]): Command {
  const lines = examples.map(example => `  $ ./mesh ${example}`)
  return mesh
    .command(name)
    .description(description)
    .showHelpAfterError(`Try: ./mesh ${name} --help`)
    .addHelpText('after', ['', 'Examples:', ...lines].join('\n'))
}

function platform(): Option {
  return new Option('--platform <name>', 'what runs the pods').choices(platformNames).env('MESH_PLATFORM')
}

function fileToWrite(file: string): string {
  if (existsSync(dirname(file))) return file
  throw new InvalidArgumentError(`There is no folder ${dirname(file)}.`)
}

function seconds(text: string): number {
  const value = Number(text)
  if (value > 0 && value <= 3600) return value
  throw new InvalidArgumentError('Give seconds, more than 0 and at most 3600.')
}
