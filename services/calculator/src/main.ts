import { operationNames } from '@hardway/api'
import { addressSetting, fileSetting, runService, setting } from '@hardway/runtime'
import { createCalculator } from './api.ts'
import type { Operations } from './operations.ts'
import { remoteOperation } from './remote-operation.ts'

/** The calculator alone: whoever adds, subtracts and multiplies for it is at ADD_ADDRESS and so on. */
await runService('calculator', async () => {
  const remote = operationNames.map(name => [
    name,
    remoteOperation(name, setting(`${name.toUpperCase()}_ADDRESS`)),
  ])
  const calculator = createCalculator(Object.fromEntries(remote) as Operations, fileSetting('TOKEN_FILE'))
  await calculator.listen(addressSetting('HTTP_ADDRESS'))
  return () => calculator.close()
})
