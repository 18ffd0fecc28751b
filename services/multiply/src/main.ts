import { serveOperation } from '@hardway/runtime'
import { multiply } from './multiply.ts'

await serveOperation('multiply', multiply)
