import { setting } from '@hardway/runtime/setting' // alone: a command has no use for servers, and they take half a second to load
import { IdentityServiceError } from './error.ts'
import { type Registration, readRegistration } from './registration/read.ts'

/** @throws {IdentityServiceError} if the file that IDENTITY_CONFIG names is no registration */
export const registrationSetting = (): Registration => readRegistration(setting('IDENTITY_CONFIG'))

/** Where the authorities are kept. */
export const stateFolderSetting = (): string => setting('IDENTITY_FOLDER')

/**
 * Where each pod finds its SVID.
 * @returns the folder of a pod
 */
export function svidFolderSetting(): (pod: string) => string {
  const pattern = setting('SVID_FOLDER')
  if (pattern.includes('{pod}')) return pod => pattern.replaceAll('{pod}', pod)
  // Without it all pods would share one folder, and so their private keys.
  throw new IdentityServiceError(
    'bad_setting',
    `the setting SVID_FOLDER is "${pattern}", the same for every pod; write {pod} into it, such as /run/svid/{pod}`,
  )
}
