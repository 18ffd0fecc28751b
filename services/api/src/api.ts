/** What goes over the wire between the calculator and its operations. */
export { type Decimal, DecimalError, longestOperand, parseDecimal } from './decimal.ts'
export {
  type ComputeClient,
  computeClient,
  computeMethod,
  type Operands,
  type Result,
  type Svid,
} from './grpc.ts'
export { type OperationName, operationNames } from './operation.ts'
