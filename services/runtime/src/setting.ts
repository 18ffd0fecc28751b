import { readFileSync } from 'node:fs'

/** A setting that is missing or wrong. Settings come from the environment, and from nowhere else. */
export class SettingError extends Error {
  override name = 'SettingError'

  constructor(name: string, problem: string) {
    super(`the setting ${name} ${problem}`)
  }
}

/** Where to listen, or whom to call. */
export interface HostAndPort {
  host: string
  port: number
}

/**
 * A setting that must be there.
 * @throws SettingError
 */
export function setting(name: string): string {
  const value = process.env[name]
  if (!value) throw new SettingError(name, 'is missing')
  return value
}

/**
 * A setting of the form `host:port`.
 * @throws SettingError
 */
export function addressSetting(name: string): HostAndPort {
  const value = setting(name)
  const [, host, port] = /^([a-z0-9.-]+):(\d{1,5})$/.exec(value) ?? []
  if (!host || !(Number(port) <= 65535)) {
    throw new SettingError(name, `is "${value}"; host:port is expected, such as 127.0.0.1:8080`)
  }
  return { host, port: Number(port) }
}

/**
 * The content of the file that a setting names, white space around it taken off. For secrets: they are given as files,
 * for an environment shows in listings of processes and containers.
 * @throws SettingError if the file cannot be read, or is empty
 */
export function fileSetting(name: string): string {
  const file = setting(name)
  let content: string
  try {
    content = readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new SettingError(name, `names a file that cannot be read: ${(error as Error).message}`)
  }
  if (content === '') throw new SettingError(name, `names an empty file: ${file}`)
  return content
}

/**
 * The same, for a secret that not every chapter has.
 * @throws SettingError if the file is named and cannot be read
 */
export function optionalFileSetting(name: string): string | undefined {
  return process.env[name] === undefined ? undefined : fileSetting(name)
}
