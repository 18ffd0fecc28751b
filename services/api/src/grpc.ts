import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  type CallOptions,
  type ChannelOptions,
  Client,
  type ClientUnaryCall,
  credentials,
  Metadata,
  type MethodDefinition,
  type requestCallback,
} from '@grpc/grpc-js'
import { Add, Multiply, OperandsSchema, ResultSchema, Subtract } from './gen/calculator/v1/calculator_pb.ts'
import type { OperationName } from './operation.ts'

/** Two decimals in plain notation. */
export interface Operands {
  a: string
  b: string
}

/** A decimal in plain notation. */
export interface Result {
  value: string
}

const services = { add: Add, subtract: Subtract, multiply: Multiply }

/** The one method of an operation's gRPC service, as grpc-js wants it, for a server or a client. */
export function computeMethod(operation: OperationName): MethodDefinition<Operands, Result> {
  const { method, typeName } = services[operation]
  return {
    path: `/${typeName}/${method.compute.name}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: operands => Buffer.from(toBinary(OperandsSchema, create(OperandsSchema, operands))),
    requestDeserialize: bytes => fromBinary(OperandsSchema, bytes),
    responseSerialize: result => Buffer.from(toBinary(ResultSchema, create(ResultSchema, result))),
    responseDeserialize: bytes => fromBinary(ResultSchema, bytes),
  }
}

/** A connection to one operation, opened by the first call. */
export interface ComputeClient {
  compute(operands: Operands, options: CallOptions, callback: requestCallback<Result>): ClientUnaryCall
  close(): void
}

/**
 * A client of one operation.
 * @param address  `host:port`
 */
export function computeClient(
  operation: OperationName,
  address: string,
  options: ChannelOptions = {},
): ComputeClient {
  const { path, requestSerialize, responseDeserialize } = computeMethod(operation)
  const client = new Client(address, credentials.createInsecure(), options)
  return {
    compute: (operands, callOptions, callback) =>
      client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        operands,
        new Metadata(),
        callOptions,
        callback,
      ),
    close: () => client.close(),
  }
}
