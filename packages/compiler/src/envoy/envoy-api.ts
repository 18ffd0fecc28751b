import { createFileRegistry, type DescMessage, type FileRegistry, fromBinary } from '@bufbuild/protobuf'
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt'

/** Everything that an Envoy can be told, as its own protobuf descriptors have it. */
export interface EnvoyApi {
  registry: FileRegistry
  bootstrap: DescMessage
  /** What a file holds that an Envoy watches. */
  discoveryResponse: DescMessage
}

/** @param descriptorSet  a FileDescriptorSet with all of Envoy's v3 API */
export function envoyApi(descriptorSet: Uint8Array): EnvoyApi {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet))
  const bootstrap = registry.getMessage('envoy.config.bootstrap.v3.Bootstrap')
  const discoveryResponse = registry.getMessage('envoy.service.discovery.v3.DiscoveryResponse')
  if (!bootstrap || !discoveryResponse) throw new Error('these are not the descriptors of Envoy')
  return { registry, bootstrap, discoveryResponse }
}
