import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { CliError } from '../cli-error.ts'

/**
 * Makes an authority and a certificate for each workload, with its SPIFFE ID, good for a day: `ca.crt`, `add.crt`, `add.key`.
 * @throws CliError `missing_client`, `tool_failed`
 */
export async function makeCertificates(folder: string, workloads: string[]): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(join(folder, 'ca.cnf'), config('CA:TRUE', 'keyCertSign', 'URI:spiffe://hardway.test'))
  await openssl(folder, [...selfSigned('ca'), '-subj', '/O=hardway.test'])
  for (const workload of workloads) {
    const id = `URI:spiffe://hardway.test/${workload}`
    await writeFile(join(folder, `${workload}.cnf`), config('CA:FALSE', 'digitalSignature', id))
    await openssl(folder, [
      ...selfSigned(workload),
      ...['-subj', `/O=hardway.test/CN=${workload}`, '-CA', 'ca.crt', '-CAkey', 'ca.key'],
    ])
  }
}

function config(basicConstraints: string, keyUsage: string, subjectAltName: string): string {
  const extensions = { basicConstraints: `critical,${basicConstraints}`, keyUsage, subjectAltName }
  const lines = Object.entries(extensions).map(([name, value]) => `${name} = ${value}`)
  return [
    '[req]',
    'distinguished_name = name',
    'x509_extensions = own',
    '[name]',
    '[own]',
    ...lines,
    '',
  ].join('\n')
}

function selfSigned(name: string): string[] {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc']
  return [
    'req',
    '-x509',
    '-days',
    '1',
    ...key,
    '-config',
    `${name}.cnf`,
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.crt`,
  ]
}

async function openssl(cwd: string, args: string[]): Promise<void> {
  const { failed, code, stderr } = await execa('openssl', args, { cwd, reject: false, stdin: 'ignore' })
  if (code === 'ENOENT') {
    const cure = 'Install it (Debian, Ubuntu: apt install openssl)'
    throw new CliError('missing_client', `OpenSSL is missing, which makes the certificates. ${cure}.`)
  }
  if (failed) throw new CliError('tool_failed', `openssl ${args.join(' ')}:\n${stderr}`)
}
