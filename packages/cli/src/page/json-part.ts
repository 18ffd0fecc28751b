type Value = null | boolean | number | string | Value[] | { [key: string]: Value }

/** JSON as a value; nothing if the text is not JSON. */
export function parsed(text: string): Value | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether a value has all that is expected of it. Objects may have more keys; arrays may not have more elements. */
export function isPartOf(expected: Value, actual: Value | undefined): boolean {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return false
    return expected.every((value, index) => isPartOf(value, actual[index]))
  }
  if (!isObject(expected)) return expected === actual
  return (
    isObject(actual) && Object.entries(expected).every(([key, value]) => isPartOf(value, own(actual, key)))
  )
}

/** Both texts with one line per value, the keys in the same order, and no key that nobody expects. */
export function pair(expected: string, actual: string): [expected: string, actual: string] {
  const wanted: Value = JSON.parse(expected)
  const found = parsed(actual)
  return [pretty(wanted), found === undefined ? actual : pretty(expectedPart(wanted, found))]
}

function expectedPart(expected: Value | undefined, actual: Value): Value {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    return actual.map((value, index) => expectedPart(expected[index], value))
  }
  if (!isObject(expected) || !isObject(actual)) return actual
  const keys = Object.keys(expected).filter(key => Object.hasOwn(actual, key))
  return Object.fromEntries(keys.map(key => [key, expectedPart(expected[key], actual[key]!)]))
}

function own(object: { [key: string]: Value }, key: string): Value | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

function isObject(value: Value | undefined): value is { [key: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function pretty(value: Value): string {
  return JSON.stringify(value, null, 2)
}
