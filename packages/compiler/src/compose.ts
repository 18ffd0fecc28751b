import { accessLogArguments } from './access-log-arguments.ts'
import { addons, prometheus as prometheusAddon } from './addon.ts'
import { apart, commented, flow, titled } from './annotated.ts'
import { type Chapter, meshOf } from './chapter.ts'
import { dockerNetwork } from './docker-network.ts'
import type { Mesh } from './mesh.ts'
import { opaArguments, opaEnvironment } from './opa-arguments.ts'
import { opaConfig } from './opa-config.ts'
import {
  type EnvoyProcess,
  envoyPods,
  type Files,
  gatewayPod,
  identityPod,
  type NodeProcess,
  type OpaProcess,
  type Pod,
  type Process,
  type PrometheusProcess,
  pods,
  ports,
  type ZipkinProcess,
} from './pod.ts'
import { prometheusArguments } from './prometheus-arguments.ts'
import { registrationFile } from './registration.ts'
import { bytes } from './size.ts'
import { yamlText } from './yaml-text.ts'
import { zipkinArguments, zipkinJavaOptions } from './zipkin-arguments.ts'

/** All by version. The tag of the services' image is set by ./mesh, which knows what is in it. */
const images = {
  services: `hardway/services:\${MESH_SERVICES:-dev}`,
  envoy: 'envoyproxy/envoy:v1.40.0',
  opa: 'openpolicyagent/opa:1.14.0-envoy-static',
  prometheus: 'prom/prometheus:v3.15.0',
  zipkin: 'openzipkin/zipkin:3.6.1',
}

/** The users that these images have for their programs; none is root. */
const users = {
  services: '1000:1000',
  envoy: '101:101',
  opa: '1000:1000',
  prometheus: '65534:65534',
  zipkin: '1000:1000',
}

const tokenFolder = '/run/token'
const identityFolder = '/run/identity'

/** What applications read, as it lies in their containers. */
export const dockerFiles: Files = {
  token: `${tokenFolder}/token`,
  registration: '/etc/identity.yaml',
  authority: identityFolder,
  svid: '/run/svid/{pod}',
}

/** The generated files of deploy/NN-slug, by name. */
export function deployFiles(chapter: Chapter, definition: Mesh): Map<string, string> {
  const mesh = meshOf(definition, chapter)
  const jwtAuthn = 'jwt-authn.yaml'
  return new Map([
    ['compose.yaml', composeFile(chapter, definition)],
    ...(mesh.identity ? [['identity.yaml', registrationFile(mesh, jwtAuthn)] as const] : []),
    ...(mesh.authorization ? [['opa.yaml', opaConfig(gatewayPod, dockerNetwork)] as const] : []),
  ])
}
const makeToken =
  'umask 077 && cd /run/token && { test -s token || { ' +
  `node -p "crypto.randomBytes(32).toString('base64url')" >new && mv new token; }; }`

/**
 * The compose file of a chapter: its pods in containers, complete as it is. One container owns the network of each pod, and
 * the processes join it. Paths in it are relative to deploy/NN-slug.
 */
export function composeFile(chapter: Chapter, definition: Mesh): string {
  const mesh = meshOf(definition, chapter)
  const all = pods(mesh, dockerNetwork, dockerFiles).filter(({ name }) => name !== identityPod.name)
  const entries = all.flatMap(pod => [
    [podService(pod), apart(network(pod, publishedPorts(pod, mesh)))] as const,
    ...pod.processes.map(process => {
      const calls = callsOf(pod, mesh).flatMap(name => all.filter(({ workload }) => workload === name))
      return [process.name, service(process, pod, calls, mesh, chapter)] as const
    }),
  ])
  return yamlText(
    titled(`docker compose -f deploy/${chapter.slug}/compose.yaml up --wait`, {
      name: commented(
        `hardway-${chapter.slug}`,
        'nothing in it starts again by itself: in this book one looks at what is dead',
      ),
      services: apart({
        ...(mesh.jwt ? {} : { token: token() }),
        ...(mesh.identity
          ? { identity: mesh.jwt ? identity(mesh, chapter.slug) : apart(identity(mesh, chapter.slug)) }
          : {}),
        ...Object.fromEntries(entries),
      }),
      volumes: apart({
        ...(mesh.jwt ? {} : { token: {} }),
        ...(mesh.identity ? svidVolumes(mesh) : {}),
        ...(mesh.metrics ? { prometheus: commented({}, '08: the numbers') } : {}),
      }),
      secrets: apart({
        ca: commented(
          { file: `\${NODE_EXTRA_CA_CERTS:-/dev/null}` },
          'for the build only, on networks that have a certificate authority of their own',
        ),
      }),
    }),
  )
}

/** The service that owns the network of a pod. */
function podService({ name }: { name: string }): string {
  return `${name}-pod`
}

/** What makes the token. */
function token(): unknown {
  return commented(
    {
      ...builtImage(),
      command: flow(['sh', '-c', makeToken]),
      volumes: flow([`token:${tokenFolder}`]),
      ...explainedGuards(users.services, '128m'),
    },
    "makes everybody's token at the first start, and ends; it lies in a volume, and in no image",
  )
}

/** For the first service of a file: it says how the image is made that the others share. */
function builtImage(): object {
  const build = { context: '../..', dockerfile: 'deploy/images/Dockerfile', secrets: flow(['ca']) }
  return {
    image: images.services,
    build: commented(build, 'if the image is missing; after a change in services/: docker compose build'),
  }
}

/** What signs. Who it is for is in identity.yaml beside this file. */
function identity(mesh: Mesh, slug: string): unknown {
  const [pod] = pods(mesh, dockerNetwork, dockerFiles).filter(({ name }) => name === identityPod.name)
  const [process] = pod!.processes as [NodeProcess]
  const folders = envoyPods(mesh).map(
    ({ name }) => `${svidVolume(name)}:${dockerFiles.svid.replace('{pod}', name)}`,
  )
  return commented(
    {
      ...(mesh.jwt ? builtImage() : { image: images.services }),
      entrypoint: flow(['node', `services/${process.service}/src/main.ts`]),
      network_mode: commented('none', 'nobody can reach it, and it can reach nobody: it writes files'),
      environment: process.environment,
      volumes: [
        `./identity.yaml:${dockerFiles.registration}:ro`,
        ...(mesh.jwt
          ? [commented(`../../envoy/${slug}/jwt-authn.yaml:/etc/jwt-authn.yaml:ro`, '05: to be filled in')]
          : []),
        `identity:${identityFolder}`,
        ...folders,
      ],
      healthcheck: healthcheck(process, '2s'),
      ...(mesh.jwt ? explainedGuards : guards)(users.envoy, '256m'),
    },
    '04: signs who each pod is, and renews it in time; docker compose run --rm identity --help',
  )
}

/** Each pod has a volume with its own key, and is given no other. */
function svidVolume(pod: string): string {
  return `${pod}-svid`
}

function svidVolumes(mesh: Mesh): object {
  const inMemory = flow({
    driver: 'local',
    driver_opts: { type: 'tmpfs', device: 'tmpfs', o: 'uid=101,gid=101,mode=0700,size=1m' },
  })
  const names = envoyPods(mesh).map(({ name }) => svidVolume(name))
  return {
    identity: commented({}, "04: the keys that sign, and in memory each pod's own"),
    ...Object.fromEntries(names.map(name => [name, inMemory])),
  }
}

const logFiles = { 'max-size': '10m', 'max-file': '2' }
const logging = flow({ driver: 'json-file', options: logFiles })

/** How the lines about requests are taken from the processes that write them: so that these never wait. */
function requestLogging({ logs }: Mesh): object {
  if (!logs) return {}
  const buffer = `${bytes(logs.buffer) / 2 ** 20}m`
  const options = { ...logFiles, mode: 'non-blocking', 'max-buffer-size': buffer }
  return { logging: commented(flow({ driver: 'json-file', options }), '07: nobody waits for the disk') }
}

function guards(user: string, memory: string): object {
  return {
    user,
    read_only: true,
    cap_drop: flow(['ALL']),
    security_opt: flow(['no-new-privileges:true']),
    mem_limit: memory,
    logging,
  }
}

/** For the first service of a file: what all have in common is explained at one place. */
function explainedGuards(user: string, memory: string): object {
  return {
    ...guards(user, memory),
    read_only: commented(true, 'nothing that breaks in can leave a program here,'),
    cap_drop: commented(flow(['ALL']), 'is root in any respect,'),
    security_opt: commented(flow(['no-new-privileges:true']), 'or becomes it'),
    logging: commented(logging, 'a log must not fill the disk'),
  }
}

/** A container that does nothing but own a pod's network. */
function network({ workload }: Pod, published: string[]): unknown {
  return commented(
    {
      image: images.services,
      entrypoint: flow(['sleep', 'infinity']),
      init: commented(true, 'the first process of a container ignores SIGTERM, unless it minds it'),
      networks: flow({ default: { aliases: [workload] } }),
      ...(published.length > 0 ? { ports: flow(published) } : {}),
      ...guards(users.services, '16m'),
    },
    'owns the network of the pod, so that each process in it can start again alone',
  )
}

/** What of a pod is open on the reader's machine. */
function publishedPorts(pod: Pod, mesh: Mesh): string[] {
  if (!isPublished(pod, mesh)) return []
  return [
    `\${MESH_PUBLISHED:-127.0.0.1:8080}:${ports.http}`,
    ...addons(mesh).map(
      ({ pod: { name }, port }) => `\${MESH_PUBLISHED_${name.toUpperCase()}:-127.0.0.1:${port}}:${port}`,
    ),
  ]
}

/** People come to the gateway; before there is one, to what serves HTTP. */
function isPublished({ name, processes }: Pod, { gateway }: Mesh): boolean {
  if (gateway) return name === gatewayPod.name
  return processes.some(process => process.program === 'node' && process.environment.HTTP_ADDRESS)
}

/** The workloads and add-ons that a pod calls; Prometheus asks whoever is there. */
function callsOf({ name, workload }: Pod, mesh: Mesh): string[] {
  if (name !== gatewayPod.name) return mesh.workloads?.[workload]?.calls ?? []
  return [...(mesh.gateway?.calls ?? []), ...addons(mesh).map(({ pod }) => pod.workload)]
}

function service(process: Process, pod: Pod, calls: Pod[], mesh: Mesh, chapter: Chapter): unknown {
  switch (process.program) {
    case 'node':
      return application(process, pod, calls, mesh)
    case 'envoy':
      return envoy(process, pod, calls, mesh, chapter)
    case 'opa':
      return opa(process, pod, mesh, chapter)
    case 'prometheus':
      return prometheus(process, pod, mesh, chapter)
    case 'zipkin':
      return zipkin(process, pod, mesh)
  }
}

function application(process: NodeProcess, pod: Pod, calls: Pod[], mesh: Mesh): unknown {
  const { service, environment } = process
  const hasToken = environment.TOKEN_FILE !== undefined
  const sidecar = pod.processes.find(({ program }) => program === 'envoy')
  return {
    image: images.services,
    command: flow(['node', `services/${service}/src/main.ts`]),
    network_mode: `service:${podService(pod)}`,
    environment,
    ...(hasToken ? { volumes: flow([`token:${tokenFolder}:ro`]) } : {}),
    healthcheck: healthcheck(process),
    ...dependsOn({
      ...(hasToken ? { token: 'service_completed_successfully' } : {}),
      ...started(sidecar ? [sidecar] : calls),
    }),
    stop_grace_period: commented('12s', 'it finishes within 10 s what it has begun'),
    ...guards(users.services, '256m'),
    ...requestLogging(mesh),
  }
}

function envoy(process: EnvoyProcess, pod: Pod, calls: Pod[], mesh: Mesh, { slug }: Chapter): unknown {
  const config = `../../envoy/${slug}/${process.config}:/etc/envoy/envoy.yaml:ro`
  const heap = bytes(mesh.sidecars!.max_heap) / 2 ** 20
  const policyEngine = pod.processes.filter(({ program }) => program === 'opa')
  return {
    image: images.envoy,
    entrypoint: flow(['envoy']),
    command: flow([
      ...['--config-path', '/etc/envoy/envoy.yaml', '--disable-hot-restart', '--concurrency', '1'],
      ...['--log-level', 'warning', '--drain-strategy', 'immediate'],
      ...accessLogArguments(mesh),
    ]),
    network_mode: `service:${podService(pod)}`,
    ...(mesh.identity ? { working_dir: '/etc/envoy' } : {}),
    volumes: [
      config,
      ...(mesh.identity
        ? [
            commented(`../../envoy/${slug}/sds:/etc/envoy/sds:ro`, '04: where its SVID is'),
            commented(`${svidVolume(pod.name)}:/etc/envoy/svid:ro`, '04: and this is it'),
          ]
        : []),
    ],
    healthcheck: healthcheck(process),
    ...dependsOn({
      ...(mesh.identity ? { identity: 'service_healthy' } : {}),
      ...started([...policyEngine, ...calls]),
    }),
    ...guards(users.envoy, `${heap + 64}m`),
    ...requestLogging(mesh),
  }
}

/** Its image has no shell, and nothing else but OPA. */
function opa(process: OpaProcess, pod: Pod, mesh: Mesh, { slug }: Chapter): unknown {
  const [config, policies] = ['/etc/opa.yaml', '/etc/opa']
  return {
    image: images.opa,
    entrypoint: flow(['/opa']),
    command: flow(opaArguments(process, config, [policies], mesh)),
    network_mode: `service:${podService(pod)}`,
    environment: flow(opaEnvironment),
    volumes: [
      `./opa.yaml:${config}:ro`,
      commented(`../../opa/${slug}:${policies}:ro`, '06: whatever changes there, it reads at once'),
    ],
    healthcheck: {
      test: commented(flow(['CMD', '/opa', 'eval', '--fail', answersWithFrames(process)]), ownFrames),
      interval: '5s',
      timeout: '2s',
      retries: 6,
    },
    ...guards(users.opa, '256m'),
    ...requestLogging(mesh),
  }
}

function prometheus(process: PrometheusProcess, pod: Pod, mesh: Mesh, { slug }: Chapter): unknown {
  const [settings, data] = ['/etc/prometheus', '/prometheus']
  return {
    image: images.prometheus,
    entrypoint: flow(['/bin/prometheus']),
    command: prometheusArguments(process, mesh.metrics!, `${settings}/prometheus.yaml`, data),
    network_mode: `service:${podService(pod)}`,
    volumes: [
      commented(`../../prometheus/${slug}:${settings}:ro`, '08: whom it asks, and its rules'),
      `${prometheusAddon.pod.name}:${data}`,
    ],
    healthcheck: {
      test: flow(['CMD', '/bin/promtool', 'check', 'ready', `--url=http://${process.api}`]),
      interval: '5s',
      timeout: '2s',
      retries: 6,
    },
    ...dependsOn(started(pod.processes.filter(({ program }) => program === 'envoy'))),
    ...guards(users.prometheus, '512m'),
  }
}

/** Its image has a program that asks how it does, and starts it with what JAVA_OPTS says. */
function zipkin(process: ZipkinProcess, pod: Pod, mesh: Mesh): unknown {
  const [ip] = process.api.split(':')
  return {
    image: images.zipkin,
    command: zipkinArguments(process, mesh.tracing!),
    network_mode: `service:${podService(pod)}`,
    environment: { JAVA_OPTS: zipkinJavaOptions.join(' '), HEALTHCHECK_IP: ip },
    tmpfs: commented(flow(['/tmp']), 'Java writes there how it does'),
    healthcheck: { test: flow(['CMD', 'docker-healthcheck']), interval: '5s', timeout: '2s', retries: 12 },
    ...dependsOn(started(pod.processes.filter(({ program }) => program === 'envoy'))),
    ...guards(users.zipkin, '512m'),
  }
}

const ownFrames = 'a server of gRPC answers HTTP/1.1 with a frame; /health would write two lines a time'

/** In Rego, which is what OPA has instead of a shell. */
function answersWithFrames({ listens: [grpc] }: OpaProcess): string {
  const request = `{"method": "GET", "url": "http://${grpc}", "timeout": "1s", "raise_error": false}`
  return `answer := http.send(${request}); contains(answer.error.message, "malformed HTTP response")`
}

/**
 * Who is called stands before its callers, an OPA before its Envoy, and a sidecar before its application: Compose starts in this order without
 * waiting for more, and stops in the opposite one, so that nobody calls into the void.
 */
function started(names: { name: string }[]): Record<string, string> {
  return Object.fromEntries(names.map(({ name }) => [name, 'service_started']))
}

function dependsOn(conditions: Record<string, string>): object {
  const entries = Object.entries(conditions).map(([name, condition]) => [name, flow({ condition })])
  return entries.length > 0 ? { depends_on: Object.fromEntries(entries) } : {}
}

/** Asks whether a process can serve, with nothing but the bash that is in all images. */
function healthcheck({ ready }: Process, interval = '5s'): unknown {
  const { hostname, port, pathname } = new URL(ready)
  const ask =
    `exec 3<>/dev/tcp/${hostname}/${port} && printf 'GET ${pathname} HTTP/1.1\\r\\nhost:a\\r\\n\\r\\n' >&3 && ` +
    `grep -q '200 OK' <&3`
  return { test: flow(['CMD', 'bash', '-c', ask]), interval, timeout: '2s', retries: 6 }
}
