import { commented, flow } from '../annotated.ts'

/** Envoy's own are 16 MiB and 24 MiB: what a slow reader could make it hold. */
const windows = { initial_stream_window_size: 65_536, initial_connection_window_size: 1_048_576 }

const downstreamWindows = {
  initial_stream_window_size: commented(
    windows.initial_stream_window_size,
    '64 KiB not yet read of one request',
  ),
  initial_connection_window_size: commented(windows.initial_connection_window_size, '1 MiB of all of them'),
}

/** For the connections of other pods and of the application. */
export const downstreamHttp2 = downstreamWindows

/** For the connections of strangers. */
export const edgeHttp2 = {
  max_concurrent_streams: commented(100, 'requests at a time on one connection'),
  ...downstreamWindows,
}

/** For connections to the application, which ends with its pod. */
export const applicationHttp2 = windows

/** For connections to other pods. */
export const podHttp2 = {
  ...windows,
  connection_keepalive: commented(
    flow({ interval: '30s', timeout: '5s' }),
    'a peer that vanished without a word is noticed',
  ),
}
