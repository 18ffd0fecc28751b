import { spawn } from 'node:child_process'

/** The beginning of every HTTP/2 connection (RFC 9113 §3.4), and a SETTINGS frame without settings (§6.5). */
const preface = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
])

/**
 * Opens a connection as HTTP/2 over TLS with openssl, and says whether somebody serves there. With TLS 1.3 a client knows
 * only when it reads whether it was accepted (RFC 8446 §4.4.2.4).
 * @param address  `host:port`
 * @returns `served`, or the alert that ended it: `alert unknown ca`
 */
export function sClient(address: string, ...options: string[]): Promise<string> {
  const args = ['s_client', '-connect', address, '-alpn', 'h2', '-quiet', ...options]
  const child = spawn('openssl', args, { stdio: 'pipe' })
  let said = ''
  child.stdin.on('error', () => {}) // it has hung up: what it says tells why
  child.stdin.write(preface)
  child.stderr.setEncoding('utf8').on('data', text => {
    said += text
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.stdout.once('data', () => {
      resolve('served')
      child.kill()
    })
    child.on('close', code =>
      resolve(/(?:tlsv1|tlsv13|sslv3) (alert [a-z ]+)/.exec(said)?.[1] ?? `exit code ${code}: ${said}`),
    )
  })
}
