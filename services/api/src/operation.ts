/** What this calculator can do: each name is a workload, a gRPC service and a path of the HTTP API. */
export const operationNames = ['add', 'subtract', 'multiply'] as const

export type OperationName = (typeof operationNames)[number]
