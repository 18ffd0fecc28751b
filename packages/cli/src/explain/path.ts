import { CliError } from '../cli-error.ts'

/**
 * A path as policies see it, `parsed_path`: Envoy has one spelling for each (normalize_path, merge_slashes), and OPA's plugin
 * decodes it and takes it apart.
 * @throws CliError `bad_question` if Envoy or the plugin answers 400 before any policy is asked
 */
export function segmentsOf(path: string): string[] {
  const [spelled = ''] = path.split('?')
  if (!spelled.startsWith('/')) {
    throw new CliError(
      'bad_question',
      `The path begins with a /, as in /multiply?a=6&b=7; "${path}" does not.`,
    )
  }
  if (/%2f|%5c|%00/i.test(spelled)) throw refused(path)
  const { pathname } = new URL(spelled.replace(/\/{2,}/g, '/'), 'http://calculator')
  try {
    return decodeURIComponent(pathname).slice(1).split('/')
  } catch {
    throw refused(path)
  }
}

function refused(path: string): CliError {
  return new CliError('bad_question', `Envoy answers 400 to ${path}, and asks no policy.`)
}
