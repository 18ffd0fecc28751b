/** The calculator: an HTTP API over operations that run in this process or behind a network. */
export { createCalculator } from './api.ts'
export type { Operation, OperationCall, Operations } from './operations.ts'
