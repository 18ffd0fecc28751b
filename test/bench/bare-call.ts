import { Client, credentials } from '@grpc/grpc-js'
import { fastify } from 'fastify'

/**
 * The least that Fastify and grpc-js can do to answer an `/evaluate` of one operation with the same bytes: one call whose
 * message is made once, and whose answer nobody reads.
 */
const [host, port, add] = process.argv.slice(2)
const client = new Client(add!, credentials.createInsecure())
const operands = Buffer.from('\n\x030.1\x12\x030.2', 'latin1') // a = "0.1", b = "0.2"
const bytes = (buffer: Buffer) => buffer

const app = fastify()
app.post('/evaluate', () => {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest('/calculator.v1.Add/Compute', bytes, bytes, operands, error => {
      if (error) return reject(error)
      const step = { operation: 'add', a: '0.1', b: '0.2', result: '0.3' }
      resolve({ expression: '0.1+0.2', result: '0.3', steps: [step] })
    })
  })
})
await app.listen({ host: host!, port: Number(port) })
