/** What applications speak, as people write it. */
export const protocols = { http: 'HTTP', grpc: 'gRPC' }
