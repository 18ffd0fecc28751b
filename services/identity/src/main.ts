import { Argument, Command, InvalidArgumentError, Option } from 'commander'
import { parseDuration } from './registration/duration.ts'
import { reportError } from './report-error.ts'

// Each command's code is loaded when it is called: the others cost it no time.

const identity = new Command('identity')
  .description(
    'Holds the authorities of one trust domain, and gives each pod its SVID. Without a command it serves.',
  )
  .helpCommand(false)
  .exitOverride()
  .showHelpAfterError('Try: identity --help')
  .addHelpText(
    'after',
    `
Settings, from the environment:
  IDENTITY_CONFIG  the registration file
  IDENTITY_FOLDER  where the authorities are kept
  SVID_FOLDER      where a pod finds its SVID, such as /run/svid/{pod}
  HEALTH_ADDRESS   where serve answers /healthz and /readyz`,
  )

command('serve', 'Make what is missing, then renew and rotate until SIGTERM.', ['serve']).action(async () =>
  (await import('./serve/serve.ts')).serve(),
)

command('init', 'Make the authorities if there are none, and show them.', ['init']).action(async () =>
  (await import('./commands/init.ts')).init(),
)

command('mint', 'Issue an X509-SVID by hand: its private key and its certificate, in PEM.', [
  'mint gateway > svid.pem',
  'mint client/test --ttl 1m',
])
  .argument('<name>', 'the path of the SPIFFE ID, without the first /')
  .option('--ttl <duration>', 'how long it lives', duration)
  .action(async (name, options) => (await import('./commands/mint.ts')).mint(name, options))

command('token', 'Sign a JWT-SVID for a person.', ['token alice', 'token bob --ttl 10s'])
  .argument('<name>', 'the person: the ID is spiffe://TRUST-DOMAIN/client/NAME')
  .option('--audience <id>', 'for whom it is; from the registration file if left out')
  .option('--ttl <duration>', 'how long it lives', duration)
  .action(async (name, options) => (await import('./commands/token.ts')).token(name, options))

command('show', 'Explain a certificate, key, token, bundle or ID. Exit code 1: a rule is broken.', [
  'show /run/svid/add/current/svid.pem',
  'token alice | identity show -',
  'show spiffe://hardway.test/add',
])
  .argument('<file>', 'a file, - for standard input, or a SPIFFE ID')
  .action(async file => (await import('./commands/show.ts')).show(file))

command('bundle', 'Print the keys that verify SVIDs.', ['bundle', 'bundle --format pem'])
  .addOption(
    new Option('--format <name>', 'a SPIFFE bundle, certificates in PEM, or a plain JWK Set')
      .choices(['spiffe', 'pem', 'jwks'])
      .default('spiffe'),
  )
  .action(async options => (await import('./commands/bundle.ts')).bundle(options))

command('rotate', 'Ask who serves for new SVIDs or a new authority.', [
  'rotate svid',
  'rotate x509',
  'rotate jwt publish',
])
  .addArgument(new Argument('<what>').choices(['svid', 'x509', 'jwt']))
  .addArgument(
    new Argument('[step]', 'of an authority; all three in their order if left out').choices([
      'publish',
      'activate',
      'retire',
    ]),
  )
  .action(async (what, step) => (await import('./commands/rotate.ts')).rotate(what, step))

command('status', 'Show the authorities and the SVIDs. Exit code 1: one has ended or is missing.', [
  'status',
  'status --json',
])
  .option('--json', 'for programs')
  .action(async options => (await import('./commands/status.ts')).status(options))

// Whoever read our output may have gone, as in `| head`: the work is done all the same.
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
})

const words = process.argv.slice(2)
try {
  await identity.parseAsync(words.length === 0 ? ['serve'] : words, { from: 'user' })
} catch (error) {
  process.exitCode = reportError(words[0], error)
}

function command(name: string, description: string, examples: string[]): Command {
  const lines = examples.map(example => `  $ identity ${example}`)
  return identity
    .command(name)
    .description(description)
    .showHelpAfterError(`Try: identity ${name} --help`)
    .addHelpText('after', ['', 'Examples:', ...lines].join('\n'))
}

/** @returns seconds */
function duration(text: string): number {
  const seconds = parseDuration(text)
  if (seconds !== undefined) return seconds
  throw new InvalidArgumentError('Write 30s, 5m or 1h; at most 8760h.')
}
