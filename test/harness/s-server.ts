import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Listens with TLS as somebody, and answers nothing.
 * @param file  a key and an SVID in PEM
 */
export async function serveAs(
  address: string,
  file: string,
  roots: string,
): Promise<{ stop(): Promise<void> }> {
  const args = [
    's_server',
    '-accept',
    address,
    '-cert',
    file,
    '-key',
    file,
    '-CAfile',
    roots,
    '-Verify',
    '1',
    '-alpn',
    'h2',
  ]
  const child = spawn('openssl', args, { stdio: 'pipe' })
  child.stderr.resume()
  let said = ''
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => reject(new Error(`openssl s_server ended with ${code}: ${said}`)))
    child.stdout.setEncoding('utf8').on('data', text => {
      said += text
      if (said.includes('ACCEPT')) resolve()
    })
  })
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill()
    await once(child, 'close')
  }
  return { stop }
}
