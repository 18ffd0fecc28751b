import type { Client } from './tool.ts'

/** It keeps what it fetches in ~/.m2, which is shared with whatever else is built here. */
export const maven: Client = {
  title: 'Maven 3.6 or newer',
  file: 'mvn',
  environment: {},
  check: ['--version'], // it starts a Java, so that is here, too
  cure: 'Install it (Debian, Ubuntu: apt install maven)',
}
