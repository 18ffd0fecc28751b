import { add } from '@hardway/add'
import { createCalculator } from '@hardway/calculator'
import { multiply } from '@hardway/multiply'
import { addressSetting, fileSetting, runService } from '@hardway/runtime'
import { subtract } from '@hardway/subtract'

/** Chapter 01: the whole calculator in one process; an operation is a function call. */
await runService('monolith', async () => {
  const calculator = createCalculator({ add, subtract, multiply }, fileSetting('TOKEN_FILE'))
  await calculator.listen(addressSetting('HTTP_ADDRESS'))
  return () => calculator.close()
})
