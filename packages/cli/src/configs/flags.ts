import { responseFlags } from '@hardway/compiler'
import { fillBetweenMarkers } from './markers.ts'

/**
 * Writes what Envoy's response flags mean between `<!-- flags: all -->` and `<!-- /flags -->`.
 * @throws CliError `bad_page`
 */
export function withFlags(page: string, file: string): string {
  return fillBetweenMarkers(page, file, 'flags', '<!-- flags: all -->', what =>
    what === 'all' ? table() : undefined,
  )
}

function table(): string {
  const rows = Object.entries(responseFlags).map(
    ([flag, { name, meaning }]) => `| ${flag} | ${name} | ${meaning} |`,
  )
  return ['| flag | Envoy calls it | it means |', '| --- | --- | --- |', ...rows].join('\n')
}
