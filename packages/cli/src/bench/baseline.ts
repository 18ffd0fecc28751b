import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Hosts, type Mesh, type PodName, podNames } from '@hardway/compiler'
import { gatewayPod } from '@hardway/compiler/pod'

/** Something written by hand, with the least that a topology needs: what the chapter that does the same is compared with. */
export interface Baseline {
  name: string
  title: string
  /** The slug of the chapter whose pods it has. */
  pods: string
  /** The slug of the chapter that does the same, and is compared with it. */
  measures: string
  /** What is by hand: the Envoys' configurations, with certificates on every connection between two pods or none; or the policy. */
  replaces: 'envoys' | 'envoys-with-mtls' | 'policy'
  /** Another baseline that it is compared with. */
  against?: string
}

/** Where what is by hand lies. */
export function folderOf(root: string, { name }: Baseline): string {
  return join(root, 'test/bench/baseline', name)
}

export const baselines: Baseline[] = [
  {
    name: 'plain',
    title: 'the least, by hand',
    pods: '03-envoy',
    measures: '03-envoy',
    replaces: 'envoys',
  },
  {
    name: 'mtls',
    title: 'the least, by hand, with mTLS',
    pods: '03-envoy',
    measures: '04-mtls',
    replaces: 'envoys-with-mtls',
    against: 'plain',
  },
  {
    name: 'yes',
    title: 'an OPA that says yes',
    pods: '06-opa',
    measures: '06-opa',
    replaces: 'policy',
  },
]

/**
 * What each Envoy of a baseline is told, by file name. In the files stand words in capitals: SELF is the pod's own
 * address, WORKLOAD its name, CALCULATOR (and so on) the address of that workload, SECRETS the folder with certificates.
 * @param root  the project's folder
 */
export function baselineConfigs(
  root: string,
  baseline: Baseline,
  mesh: Mesh,
  hosts: Hosts,
  secrets: string,
): Map<string, string> {
  const pods = [gatewayPod, ...[...podNames(mesh).values()].flat()]
  return new Map(pods.map(pod => [`${pod.name}.yaml`, configOf(pod)]))

  function configOf(pod: PodName): string {
    const file = ['gateway', 'calculator'].includes(pod.workload) ? pod.workload : 'operation'
    const text = readFileSync(join(folderOf(root, baseline), `${file}.yaml`), 'utf8')
    const words = new Map([
      ['SELF', hosts.loopback(pod)],
      ['WORKLOAD', pod.workload],
      ['PUBLISHED', hosts.published],
      ['SECRETS', secrets],
      ...pods.map(other => [other.workload.toUpperCase(), hosts.dial(other)] as const),
    ])
    return text.replaceAll(/^(?!#).*$/gm, line =>
      line.replaceAll(/\b[A-Z]+\b/g, word => words.get(word) ?? word),
    )
  }
}
