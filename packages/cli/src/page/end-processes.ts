import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

/** Processes to be ended together. */
interface Processes {
  send(signal: NodeJS.Signals): void
  /** Whether one of them still runs. A zombie does not: it waits for a parent that may never look. */
  alive(): boolean
}

const patience = 2_000 // ms

/** Ends processes: SIGTERM, so that they can put away what they began, then SIGKILL. Returns when they are gone. */
export async function end(processes: Processes): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const late = performance.now() + patience
    processes.send(signal)
    while (processes.alive() && performance.now() < late) await setTimeout(10)
  }
}

/** The processes of a group. */
export function group(leader: number): Processes {
  const isMember = (pid: string) => {
    // Field 2 is the program's name in parentheses, and may hold anything: count from the last parenthesis.
    const [state, , id] = read(pid, 'stat')
      .replace(/^.*\) /s, '')
      .split(' ')
    return Number(id) === leader && state !== 'Z'
  }
  return {
    send: signal => send(-leader, signal),
    alive: () => (process.platform === 'linux' ? pids().some(isMember) : send(-leader, 0)),
  }
}

/** The processes whose environment has this variable (`NAME=value`), wherever they went. Found on Linux only. */
export function withVariable(variable: string): Processes {
  const found = () => pids().filter(pid => read(pid, 'environ').split('\0').includes(variable))
  return {
    send: signal => {
      for (const pid of found()) send(Number(pid), signal)
    },
    alive: () => found().length > 0,
  }
}

function pids(): string[] {
  return process.platform === 'linux' ? readdirSync('/proc').filter(name => /^\d+$/.test(name)) : []
}

function read(pid: string, file: 'stat' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return '' // it has just ended, or belongs to another user
  }
}

/** Whether there was anyone to take the signal (0: none is sent). */
function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal)
  } catch {
    return false
  }
}
