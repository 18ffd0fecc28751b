import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'

/** A folder for one test file, and the way to forget it. */
export function temporaryFolder(): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-by-hand-'))
  return { folder, remove: () => rmSync(folder, { recursive: true }) }
}

/** Writes a file for its owner only; gives its path. */
export function write(folder: string, name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text, { mode: 0o600 })
  return file
}

const openssl = (folder: string, ...args: string[]) =>
  execa('openssl', args, { cwd: folder, stdin: 'ignore' })
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

/** A certificate authority that nobody knows, though it says that it is that of hardway.test; gives its files. */
export async function foreignAuthority(folder: string): Promise<{ certificate: string; key: string }> {
  const extensions = ['keyUsage=critical,keyCertSign', 'subjectAltName=URI:spiffe://hardway.test']
  const added = extensions.flatMap(extension => ['-addext', extension])
  const files = ['-keyout', 'foreign.key', '-out', 'foreign.pem']
  await openssl(folder, 'req', '-x509', ...newKey, ...files, '-days', '1', '-subj', '/O=By hand', ...added)
  return { certificate: join(folder, 'foreign.pem'), key: join(folder, 'foreign.key') }
}

/**
 * Signs a certificate as one should not, with openssl; gives a file with its key and the certificate.
 * @param subject  `/` is empty
 * @param names    as openssl writes subject alternative names: `URI:spiffe://hardway.test/add`
 */
export async function signByHand(
  folder: string,
  authority: { certificate: string; key: string },
  subject: string,
  names: string[],
): Promise<string> {
  await openssl(folder, 'req', '-new', ...newKey, '-subj', subject, '-keyout', 'leaf.key', '-out', 'leaf.csr')
  const extensions = [
    ...(names.length > 0 ? [`subjectAltName=${names.join(',')}`] : []),
    'basicConstraints=critical,CA:FALSE',
    'keyUsage=critical,digitalSignature',
    'extendedKeyUsage=serverAuth,clientAuth',
  ]
  const extfile = write(folder, 'leaf.ext', extensions.join('\n'))
  const signer = ['-CA', authority.certificate, '-CAkey', authority.key]
  const { stdout } = await openssl(
    folder,
    'x509',
    '-req',
    '-in',
    'leaf.csr',
    ...signer,
    '-days',
    '1',
    '-extfile',
    extfile,
  )
  const { stdout: key } = await openssl(folder, 'pkey', '-in', 'leaf.key')
  return write(
    folder,
    `leaf-${names.join('-').replaceAll(/[^a-z0-9]+/g, '-')}${subject.replaceAll('/', '-')}.pem`,
    `${key}\n${stdout}\n`,
  )
}
