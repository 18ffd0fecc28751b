/** The shell that every process of the calculator shares. */

export { closeGracefully } from './drain.ts'
export { createMetrics, type Metrics } from './metrics.ts'
export { serveOperation } from './serve-operation.ts'
export { runService } from './service.ts'
export { type ServiceLog, startRequest } from './service-log.ts'
export { addressSetting, fileSetting, optionalFileSetting, SettingError, setting } from './setting.ts'
export type { Span, Tracing } from './tracing.ts'
