import { addressSetting, optionalFileSetting, runService, setting } from '@hardway/runtime'
import { createCalculator } from './api.ts'
import { remoteOperation } from './remote-operation.ts'

/** The calculator without its operations: each of them is a process somewhere else. */
await runService('calculator', async (log, metrics, tracing) => {
  const add = remoteOperation('add', setting('ADD_ADDRESS'))
  const subtract = remoteOperation('subtract', setting('SUBTRACT_ADDRESS'))
  const multiply = remoteOperation('multiply', setting('MULTIPLY_ADDRESS'))
  const token = optionalFileSetting('TOKEN_FILE')
  const calculator = createCalculator({ add, subtract, multiply }, token, log, metrics, tracing)
  await calculator.listen(addressSetting('HTTP_ADDRESS'))
  return () => calculator.close()
})
