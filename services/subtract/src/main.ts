import { serveOperation } from '@hardway/runtime'
import { subtract } from './subtract.ts'

await serveOperation('subtract', subtract)
