import closeWithGrace from 'close-with-grace'
import { serveHealth } from './health.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { type ServiceLog, serviceLog } from './service-log.ts'
import { addressSetting } from './setting.ts'
import { serviceTracing, type Tracing } from './tracing.ts'

/** How long a process may take to finish what it has begun, in milliseconds. */
const drainLimit = 10_000

/**
 * Runs a process from its start to its graceful stop. It is ready once `start` is done; after SIGTERM or SIGINT it is
 * not ready any more, finishes what is in flight, and exits 0. What goes wrong at the start is one line and exit 1.
 * @param name   the workload
 * @param start  opens the process's own ports; gives the function that finishes what is in flight and closes them. It is
 *   given what counts requests, if somebody reads the numbers (METRICS), and what traces them, if somebody takes the spans
 *   (ZIPKIN_ADDRESS).
 */
export async function runService(
  name: string,
  start: (log: ServiceLog, metrics?: Metrics, tracing?: Tracing) => Promise<() => Promise<void>>,
): Promise<void> {
  try {
    const log = serviceLog(name)
    const metrics = process.env.METRICS === 'true' ? createMetrics() : undefined
    const tracing = await serviceTracing(name)
    const health = await serveHealth(addressSetting('HEALTH_ADDRESS'), metrics)
    const stop = await start(log, metrics, tracing)
    health.setReady(true)
    closeWithGrace({ delay: drainLimit }, async ({ err }) => {
      if (err) log.error(name, err)
      health.setReady(false)
      await stop()
      await tracing?.close()
      await health.close()
      await log.close()
    })
    log.say('is ready')
  } catch (error) {
    console.error(`${name} cannot start: ${(error as Error).message}`)
    process.exit(1)
  }
}
