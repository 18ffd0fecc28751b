import { X509Certificate } from 'node:crypto'
import { activeOf } from '../authority/kept.ts'
import { loadOrMakeAuthorities } from '../authority/store.ts'
import { registrationSetting, stateFolderSetting } from '../settings.ts'
import { table } from './table.ts'

/** Makes the authorities if there are none, and shows what tells them from others. */
export function init(): void {
  const registration = registrationSetting()
  const { trustDomain, x509, jwt } = loadOrMakeAuthorities(stateFolderSetting(), registration, new Date())
  const roots = x509.map(({ state, authority: { certificate } }) => [
    `root certificate (${state})`,
    `SHA-256 ${new X509Certificate(certificate.der).fingerprint256}`,
  ])
  const keyId = activeOf(jwt)?.name
  const rows = [['trust domain', trustDomain], ['ID', `spiffe://${trustDomain}`], ...roots]
  for (const line of table(keyId ? [...rows, ['JWT kid', keyId]] : rows)) console.log(line)
}
