import { runService } from '@hardway/runtime'
import { loadOrMakeAuthorities } from '../authority/store.ts'
import { registrationSetting, stateFolderSetting, svidFolderSetting } from '../settings.ts'
import { createKeeper } from './keeper.ts'
import { forgetAnswers } from './requests.ts'

/** How often to look, in milliseconds. */
const period = 1000

/** Makes what is missing, then renews and rotates until it is told to stop; ready once every pod has its SVID. */
export function serve(): Promise<void> {
  return runService('identity', async () => {
    const registration = registrationSetting()
    const stateFolder = stateFolderSetting()
    const svidFolder = svidFolderSetting()
    loadOrMakeAuthorities(stateFolder, registration, new Date())
    forgetAnswers(stateFolder)
    const keeper = createKeeper({
      registration,
      stateFolder,
      svidFolder,
      log: console.log,
      clock: () => new Date(),
    })
    while (!keeper.tick()) await nextTick()
    let timer = setTimeout(again, untilNextTick())
    return async () => clearTimeout(timer)

    function again(): void {
      keeper.tick()
      timer = setTimeout(again, untilNextTick())
    }
  })
}

function nextTick(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, untilNextTick()))
}

/** Ticks fall on whole periods of the clock, so that they do not drift. */
function untilNextTick(): number {
  return period - (Date.now() % period)
}
