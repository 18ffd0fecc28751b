import { serveOperation } from '@hardway/runtime'
import { add } from './add.ts'

await serveOperation('add', add)
