import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/**
 * Runs work that only one process at a time may do with a state directory; another one waits for its turn.
 * The lock is a socket in Linux's abstract namespace (unix(7)): the kernel frees it when its holder ends, however it
 * ends, so there is no stale lock to recognise, and no race to take one over.
 * @param waiting  told once, if somebody else holds the lock
 * @param signal   ends the waiting
 */
export async function withLock<T>(
  stateDir: string,
  signal: AbortSignal,
  waiting: () => void,
  work: () => Promise<T>,
): Promise<T> {
  const name = `\0hardway-${createHash('sha256').update(stateDir).digest('hex').slice(0, 32)}`
  let release = await take(name)
  if (!release) waiting()
  while (!release) {
    signal.throwIfAborted()
    await untilReleased(name, signal)
    release = await take(name)
  }
  try {
    return await work()
  } finally {
    release()
  }
}

/** Takes the lock and gives the function that releases it; nothing if it is held. */
async function take(name: string): Promise<(() => void) | undefined> {
  const waiting = new Set<Socket>()
  const server = createServer(socket => {
    waiting.add(socket.on('error', () => {}).on('close', () => waiting.delete(socket)))
  })
  try {
    await once(server.listen(name), 'listening')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined
    throw error
  }
  return () => {
    server.close()
    for (const socket of waiting) socket.destroy()
  }
}

/** The connection ends when the holder releases the lock or dies; refused, it is free already. */
async function untilReleased(name: string, signal: AbortSignal): Promise<void> {
  const socket = connect(name)
  const abort = () => socket.destroy()
  signal.addEventListener('abort', abort)
  await new Promise<void>(released => socket.on('error', () => {}).on('close', () => released()))
  signal.removeEventListener('abort', abort)
}
