import type { Runtime } from './tool.ts'

/** What runs a jar; without its libraries for screens is enough. */
export const java: Runtime = {
  title: 'Java 17 or newer',
  file: 'java',
  check: ['--enable-native-access=ALL-UNNAMED', '-version'], // an option that 16 does not have
  cure: 'Install it (Debian, Ubuntu: apt install openjdk-17-jre-headless)',
}
