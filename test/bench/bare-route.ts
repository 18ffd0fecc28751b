import { fastify } from 'fastify'

/** The least that Fastify can do to answer `/add?a=0.1&b=0.2` with the same bytes as the monolith. */
const app = fastify()
app.get('/add', async () => ({ operation: 'add', a: '0.1', b: '0.2', result: '0.3' }))
await app.listen({ host: process.argv[2]!, port: Number(process.argv[3]) })
