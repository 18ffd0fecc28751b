import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  type ChannelCredentials,
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

/** What goes with a call. */
interface ComputeOptions {
  /** In milliseconds since 1970. */
  deadline: number
  /** On whose behalf, as an Authorization header has it. */
  authorization?: string | undefined
  /** By which every log knows the request that it belongs to. */
  requestId?: string | undefined
  /** Which span makes the call (W3C Trace Context §3.2). */
  traceparent?: string | undefined
}

/** A connection to one operation, opened by the first call. */
export interface ComputeClient {
  compute(operands: Operands, options: ComputeOptions, callback: requestCallback<Result>): ClientUnaryCall
  close(): void
}

/** What a caller shows and believes when it speaks TLS itself; all in PEM. */
export interface Svid {
  privateKey: string
  chain: string
  roots: string
  /** The SPIFFE ID that must answer. */
  peer: string
}

/**
 * A client of one operation.
 * @param address  `host:port`
 * @param svid     if it is to speak TLS; else it speaks plain text
 */
export function computeClient(
  operation: OperationName,
  address: string,
  options: ChannelOptions = {},
  svid?: Svid,
): ComputeClient {
  const { path, requestSerialize, responseDeserialize } = computeMethod(operation)
  // An address is not allowed as a server's name (RFC 6066 §3).
  const named = svid ? { ...options, 'grpc.ssl_target_name_override': operation } : options
  const client = new Client(address, svid ? mutualTls(svid) : credentials.createInsecure(), named)
  return {
    compute: (operands, { deadline, authorization, requestId, traceparent }, callback) => {
      const metadata = new Metadata()
      if (authorization !== undefined) metadata.set('authorization', authorization)
      if (requestId !== undefined) metadata.set('x-request-id', requestId)
      if (traceparent !== undefined) metadata.set('traceparent', traceparent)
      return client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        operands,
        metadata,
        { deadline },
        callback,
      )
    },
    close: () => client.close(),
  }
}

/** A SPIFFE ID stands in the place where browsers look for a host name, and is compared whole (X509-SVID §5). */
function mutualTls({ privateKey, chain, roots, peer }: Svid): ChannelCredentials {
  const [root, key, certificate] = [roots, privateKey, chain].map(text => Buffer.from(text))
  return credentials.createSsl(root, key, certificate, {
    checkServerIdentity: (_, { subjectaltname }) =>
      subjectaltname === `URI:${peer}` ? undefined : new Error(`${subjectaltname} answers, not ${peer}`),
  })
}
