/** How much is measured, and how. Times are in seconds. */
export interface Plan {
  /** How often each subject is measured; even, so that the order can be turned round in every second round. */
  rounds: number
  /** Load before the first round, unmeasured. Node needs some ten thousand requests until it has compiled all that is asked. */
  warmUp: number
  /** Load before each measurement, unmeasured: Node gives memory back while it waits for its turn, and has to grow again. */
  leadIn: number
  /** Each connection asks again as soon as it has its answer: what one processor can do. */
  saturated: { seconds: number; connections: number }
  /** Requests leave by the clock, whatever becomes of the earlier ones: what a caller waits. */
  fixed: { seconds: number; connections: number; rate: number }
}

export const fullPlan: Plan = {
  rounds: 10,
  warmUp: 15,
  leadIn: 0.5,
  saturated: { seconds: 1.5, connections: 16 },
  // Half of what the last chapters can do on a slow processor. More connections than requests are ever on their way at once;
  // then none has to wait for a free one.
  fixed: { seconds: 4, connections: 32, rate: 50 },
}

/** For use while working: the same, shorter; what it says is less sure. */
export const quickPlan: Plan = {
  rounds: 4,
  warmUp: 3,
  leadIn: 0.3,
  saturated: { seconds: 1, connections: 16 },
  fixed: { seconds: 1.3, connections: 32, rate: 50 },
}

/** What it takes to start and stop the load once, to start one subject, to start its Zipkin, and to stop them all. */
const overhead = { load: 0.3, start: 1.8, zipkin: 12, stop: 4 }

/**
 * About how long it takes to measure so many subjects, in seconds.
 * @param zipkins  how many of them have a Zipkin
 */
export function duration(
  { rounds, warmUp, leadIn, saturated, fixed }: Plan,
  subjects: number,
  zipkins = 0,
): number {
  const run = leadIn + saturated.seconds + fixed.seconds + 3 * overhead.load
  const each = overhead.start + warmUp + overhead.load + rounds * run
  return Math.ceil(subjects * each + zipkins * overhead.zipkin + overhead.stop)
}

/** The indexes of the subjects in the order in which they are measured: A B C, C B A, A B C … */
export function order(rounds: number, subjects: number): { round: number; subject: number }[] {
  return Array.from({ length: rounds }, (_, round) =>
    Array.from({ length: subjects }, (_, place) => {
      return { round, subject: round % 2 === 0 ? place : subjects - 1 - place }
    }),
  ).flat()
}
